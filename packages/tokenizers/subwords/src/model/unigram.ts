// Unigram (Kudo 2018) by @huggingface/tokenizers, with the places of its tokens.
import { describe } from '@unrolled/core';
import { unigramOf } from '../huggingface.ts';
import { invalid } from '../invalid.ts';
import type { Tokens } from '../read-vocabulary.ts';
import { betweenPairs } from '../text/between-pairs.ts';
import type { ModelJson } from '../tokenizer-json.ts';
import { byteFallbackTokens } from './byte-fallback.ts';
import type { SubwordModel } from './model.ts';

/** The library's lattice grows with the word, and a call of it with its tokens: longer words are cut here first. */
const LONGEST = 16_384;

/** @throws UnrolledError `TOKENIZER_INVALID` */
export function unigram(model: ModelJson, { ids }: Tokens): SubwordModel {
  const vocab = model.vocab;
  const unknown = model.unk_id ?? undefined;
  if (!Array.isArray(vocab))
    throw invalid('the vocabulary of its Unigram model must be an array.', 'Give pairs of token and score.');
  if (unknown === undefined || vocab[unknown] === undefined)
    throw invalid(
      `its Unigram model has ${describe(model.unk_id)} for "unk_id", so a character that is not known would have no token.`,
      'Give the number of the token of what is not known.',
    );
  const pieces = unigramOf({ vocab: vocab.map(([token, score]) => [token, score]), unk_id: unknown });
  const bytesOf = model.byte_fallback ? byteFallbackTokens(ids) : undefined;
  const cutPart = (part: string, offset: number, tokens: number[]): void => {
    let end = offset;
    for (const token of joinUnknown(pieces(part), ids, unknown)) {
      const start = end;
      end += token.length;
      const known = ids.get(token);
      const given = known === undefined ? (bytesOf?.(token) ?? [unknown]) : [known];
      for (const id of given) tokens.push(id, start, end);
    }
  };
  return {
    unknown,
    cut: (word) => {
      const tokens: number[] = [];
      for (let start = 0; start < word.length; ) {
        const end = betweenPairs(word, Math.min(start + LONGEST, word.length));
        cutPart(word.slice(start, end), start, tokens);
        start = end;
      }
      return tokens;
    },
  };
}

/** Neighbours that are not known as one. The library can do it too, in time that grows with the square of their number. */
function joinUnknown(pieces: readonly string[], ids: ReadonlyMap<string, number>, unknown: number): string[] {
  const joined: string[] = [];
  let open: string[] = [];
  const close = (): void => {
    if (open.length > 0) joined.push(open.join(''));
    open = [];
  };
  for (const piece of pieces)
    if ((ids.get(piece) ?? unknown) === unknown) open.push(piece);
    else {
      close();
      joined.push(piece);
    }
  close();
  return joined;
}
