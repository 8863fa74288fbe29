// Words of texts with all that can be asked of them: what tokenizers of words, of their n-grams and of stems share.
import type { Token } from '../contracts/plugins.ts';
import { choice, data, describe, flag, type OptionFields } from '../options.ts';
import { foldAccents } from './accents.ts';
import { splitWords, type WordSplitOptions } from './words.ts';

/** Options of a tokenizer that reads words. */
export interface WordOptions extends WordSplitOptions {
  /** Whether accents of Latin and Greek letters are kept or taken off. */
  readonly accents: 'keep' | 'fold';
  /** Words to leave out, in any form that this tokenizer takes for the same word. */
  readonly stopWords: readonly string[];
}

/** Their fields with defaults: lower case, accents kept, punctuation dropped, no word left out. */
export const wordFields: OptionFields<WordOptions> = {
  lowercase: /* @__PURE__ */ flag(true, 'Lower-case tokens; spans still point at the original text.'),
  accents: /* @__PURE__ */ choice(
    'keep',
    ['keep', 'fold'],
    'Keep accents, or take them off Latin and Greek letters: "são" becomes "sao".',
  ),
  stopWords: /* @__PURE__ */ data<readonly string[]>([], 'Words to leave out, as a list.', wordListProblem),
  punctuation: /* @__PURE__ */ choice(
    'drop',
    ['drop', 'keep'],
    'Drop punctuation, symbols and emoji, or keep each as a token.',
  ),
  splitHyphens: /* @__PURE__ */ flag(false, 'Split words at hyphens: "guarda-chuva" becomes two tokens.'),
  splitApostrophes: /* @__PURE__ */ flag(false, 'Split words at apostrophes: "d\'água" becomes two tokens.'),
};

function wordListProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `must be a list of words, but ${describe(value)} was given`;
  const wrong = value.findIndex((word) => typeof word !== 'string');
  return wrong < 0 ? undefined : `must be a list of words, but item ${wrong} is ${describe(value[wrong])}`;
}

/** Reads texts with options bound. Neither function throws, whatever the text. */
export interface WordReader {
  /** The words of a text without its stop words, in order. */
  readonly words: (text: string) => Token[];
  /** The same words in runs of true neighbours: a stop word that stood between two words ends a run. */
  readonly runs: (text: string) => Token[][];
}

/**
 * A reader of words. Stop words are compared as tokens are, after lower-casing and folding, so that a list matches in whatever
 * case, Unicode form or apostrophe it was typed; an entry of several words (`de que`) is none and matches nothing.
 *
 * @param stem - cuts a word to its stem, after stop words have left and before accents are folded; none where left out.
 */
export function wordReader(options: WordOptions, stem?: (word: string) => string): WordReader {
  const fold = options.accents === 'fold' ? foldAccents : (word: string) => word;
  const asWritten = { ...options, accents: 'keep' } as const;
  const split = (text: string) => splitWords(text, stem ? asWritten : options);
  const stopWords = new Set(options.stopWords.map((entry) => onlyWord(entry, options)));
  const isStopWord = ({ text }: Token) => stopWords.has(stem ? fold(text) : text);
  const finish = (tokens: Token[]) =>
    stem ? tokens.map(({ text, start, end }) => ({ text: fold(stem(text)), start, end })) : tokens;
  const words = (text: string) => {
    const all = split(text);
    return finish(stopWords.size === 0 ? all : all.filter((token) => !isStopWord(token)));
  };
  const runs = (text: string) => runsBetween(split(text), isStopWord).map(finish);
  return { words, runs: stopWords.size === 0 ? (text) => [words(text)] : runs };
}

function onlyWord(entry: string, options: WordOptions): string | undefined {
  const found = splitWords(entry, options);
  return found.length === 1 ? found[0]?.text : undefined;
}

function runsBetween(tokens: readonly Token[], isStopWord: (token: Token) => boolean): Token[][] {
  const runs: Token[][] = [];
  let run: Token[] = [];
  for (const token of tokens)
    if (!isStopWord(token)) run.push(token);
    else if (run.length > 0) {
      runs.push(run);
      run = [];
    }
  if (run.length > 0) runs.push(run);
  return runs;
}
