// Mean and spread of shares over seeds, and how a report writes them.
import { spreadOf } from '@unrolled/word-vectors';
import { percent } from './example.ts';

/** Shares over seeds, as plain data. */
export type Spread = {
  readonly mean: number;
  /** Of a sample: divided by one less than the number of seeds. */
  readonly deviation: number;
};

/** The spread of some shares. */
export function spreadOver(shares: readonly number[]): Spread {
  const { mean, deviation } = spreadOf(shares);
  return { mean, deviation };
}

/** As percentages: `97.1% ± 1.0`. */
export function spreadText({ mean, deviation }: Spread): string {
  return `${percent(mean)} ± ${(100 * deviation).toFixed(1)}`;
}
