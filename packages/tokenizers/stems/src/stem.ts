// Stems words, each different one once.
import type { Stemmer } from './stemmers.ts';

/** No language has longer words; what is longer is data, and would only cost time. */
const longestWord = 100;
/** How many stems are remembered: more than the words of a book, less than 10 MB. */
const remembered = 1 << 16;

/** A stemmer that remembers, leaves what is too long to be a word, and keeps a word of which nothing would be left. */
export function rememberingStemmer(stemmer: Stemmer): Stemmer {
  const stems = new Map<string, string>();
  return (word) => {
    if (word.length > longestWord) return word;
    const known = stems.get(word);
    if (known !== undefined) return known;
    const stem = stemmer(word) || word;
    if (stems.size >= remembered) stems.clear();
    stems.set(word, stem);
    return stem;
  };
}
