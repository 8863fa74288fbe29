// A measure over seeds, for a table.
import { spreadOf } from '@unrolled/word-vectors';

/** `0.9612 ± 0.0031`, and all values; of one seed there is no deviation. */
export function meanAndEach(values: readonly number[]): readonly [spread: string, each: string] {
  const { mean, deviation } = spreadOf(values);
  const spread = values.length > 1 ? ` ± ${deviation.toFixed(4)}` : '';
  return [`${mean.toFixed(4)}${spread}`, values.map((value) => value.toFixed(4)).join(' ')];
}
