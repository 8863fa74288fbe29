// Chooses how documents are split into units.
import { counted, describe, UnrolledError } from '@unrolled/core';
import type { BagVectorizerOptions } from './options.ts';
import { readCharacters, readWordCharacters } from './read-characters.ts';
import { readScikitLearnWords } from './read-scikit-learn-words.ts';
import { readTokens } from './read-tokens.ts';
import { readWords } from './read-words.ts';
import type { Reader, UnitSink } from './unit-sink.ts';

/** How texts are split. */
export type Reading = Pick<BagVectorizerOptions, 'profile' | 'unit' | 'lowercase'>;

/** The reader of documents. It throws UnrolledError `DOCUMENT_INVALID` for what is no document. */
export function readerOf(reading: Reading): Reader {
  const readText = textReader(reading);
  return (document, sink) => {
    if (typeof document === 'string') readText(document, sink);
    else if (!isTokens(document)) throw invalid(document);
    else if (reading.unit === 'words') readTokens(document, sink);
    else
      throw new UnrolledError(
        'DOCUMENT_INVALID',
        `A document of ${counted(document.length, 'token')} has no ${reading.unit}.`,
        {
          mend: 'Give texts, or take the unit "words".',
        },
      );
  };
}

function textReader({ profile, unit, lowercase }: Reading): (text: string, sink: UnitSink) => void {
  const asScikitLearn = profile === 'scikit-learn';
  const characters = { asScikitLearn, lowercase };
  switch (unit) {
    case 'characters':
      return (text, sink) => readCharacters(text, characters, sink);
    case 'word-characters':
      return (text, sink) => readWordCharacters(text, characters, sink);
    default:
      return asScikitLearn
        ? (text, sink) => readScikitLearnWords(text, lowercase, sink)
        : (text, sink) => readWords(text, lowercase, sink);
  }
}

function isTokens(document: unknown): document is readonly string[] {
  return Array.isArray(document) && document.every((token) => typeof token === 'string');
}

function invalid(document: unknown): UnrolledError {
  return new UnrolledError(
    'DOCUMENT_INVALID',
    `A document must be a text or a list of tokens, but ${describe(document)} was given.`,
    {
      mend: 'Leave out what has no text, or give "" for it.',
    },
  );
}
