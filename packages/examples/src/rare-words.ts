// Rare words as classes by how they are written, so that a network knows something of words that it never saw.

/** Words that are seen less often become their class. */
const common = 3;

/** What is told of a word that is not common: whether this is found in it. */
const marks: readonly (readonly [mark: string, pattern: RegExp])[] = [
  ['0', /\d/],
  ['X', /^\p{Lu}/u],
  ['-', /-/],
  ["'", /'/],
];

/**
 * Reads words as tokens: one that comes often in `sentences` is itself, any other the class of its form, `<X:ton>` for `Yorkton`.
 * What a class means is so learned from rare words, and holds for those that were never seen.
 */
export function createRareWords(sentences: Iterable<readonly string[]>): (word: string) => string {
  const counts = new Map<string, number>();
  for (const sentence of sentences) for (const word of sentence) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => ((counts.get(word) ?? 0) >= common ? word : formOf(word));
}

/** Marks of a word and, unless there is a digit in it, its last three letters. */
function formOf(word: string): string {
  const found = marks.flatMap(([mark, pattern]) => (pattern.test(word) ? mark : []));
  return `<${found.join('')}:${found.includes('0') ? '' : word.slice(-3).toLowerCase()}>`;
}
