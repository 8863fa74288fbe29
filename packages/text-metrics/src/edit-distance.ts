// Levenshtein's distance: how many units must be put in, taken out or replaced to make one sequence of another.
import { checkTokens, type Tokens } from './pairs.ts';

/**
 * The least number of insertions, deletions and replacements that make `b` of `a` (Levenshtein 1966). Of texts, the units are
 * characters (code points). Time grows with the product of both lengths, memory with the shorter one's.
 * @throws UnrolledError `METRIC_TEXT`
 */
export function editDistance(a: Tokens, b: Tokens): number {
  const [first, second] = [unitsOf(a, 'The first'), unitsOf(b, 'The second')];
  const [shorter, longer] = first.length < second.length ? [first, second] : [second, first];
  // distances[i] is the one from the first i units of the shorter to those of the longer that have been read.
  const distances = Uint32Array.from({ length: shorter.length + 1 }, (_, i) => i);
  for (const [read, unit] of longer.entries()) addUnit(distances, shorter, unit, read);
  return distances[shorter.length] as number;
}

type Units = readonly (string | number)[];

function unitsOf(given: Tokens, what: string): Units {
  return Array.from<string | number>(checkTokens(given, what));
}

function addUnit(distances: Uint32Array, shorter: Units, unit: string | number, read: number): void {
  let diagonal = read;
  distances[0] = read + 1;
  for (let i = 1; i <= shorter.length; i++) {
    const above = distances[i] as number;
    const replaced = diagonal + (shorter[i - 1] === unit ? 0 : 1);
    distances[i] = Math.min(replaced, above + 1, (distances[i - 1] as number) + 1);
    diagonal = above;
  }
}
