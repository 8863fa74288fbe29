// Remembers how words were cut, within a bound: two generations, of which the older is dropped when the younger is full.
import { copyOf } from '../text/copy.ts';
import type { SubwordModel, WordTokens } from './model.ts';

/** Words in a generation. */
const GENERATION = 1 << 16;
/** Longer words hardly come twice. */
const LONGEST = 64;

/** The model with a memory of at most two generations of words. */
export function remembering({ cut, ...model }: SubwordModel): SubwordModel {
  let young = new Map<string, WordTokens>();
  let old = new Map<string, WordTokens>();
  const keep = (word: string, tokens: WordTokens): WordTokens => {
    if (young.size === GENERATION) {
      old = young;
      young = new Map();
    }
    young.set(word, tokens);
    return tokens;
  };
  return {
    ...model,
    cut: (word) => {
      const known = young.get(word);
      if (known) return known;
      const aged = old.get(word);
      if (aged) return keep(word, aged);
      const tokens = cut(word);
      return word.length > LONGEST ? tokens : keep(copyOf(word), tokens);
    },
  };
}
