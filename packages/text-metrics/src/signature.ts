// How a score was computed, in one line that others can repeat.
import type { TextPair } from './pairs.ts';

/** The version of sacreBLEU that scores are equal to. */
const VERSION = '2.6.0';

/** sacreBLEU's signature of the same settings, and after it who computed. */
export function signatureOf(pairs: readonly TextPair[], settings: Readonly<Record<string, string | number>>): string {
  const counts = new Set(pairs.map(({ references }) => references.length));
  const references = counts.size === 1 ? [...counts][0] : 'var';
  const entries = Object.entries({ nrefs: references, ...settings, version: VERSION, by: 'unrolled' });
  return entries.map(([name, value]) => `${name}:${value}`).join('|');
}
