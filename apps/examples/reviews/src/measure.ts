// Accuracy and F1 of anything that gives labels.
import type { Example } from '@unrolled/core';
import type { Baseline } from './baselines.ts';

/** A row of the table of measures. */
export interface Measures {
  readonly name: string;
  /** Share of right answers. */
  readonly accuracy: number;
  /** Mean of the F1 of both labels. */
  readonly macroF1: number;
  /** What it took. */
  readonly seconds: number;
}

/** Measures a baseline on `examples`. */
export function measureBaseline({ name, predict }: Baseline, examples: readonly Example[], seconds: number): Measures {
  const pairs = examples.map(({ text = '', label = '' }) => ({ said: predict(text), label }));
  const all = [...new Set(pairs.map(({ label }) => label))];
  const f1 = all.map((label) => {
    const both = pairs.filter((pair) => pair.said === label && pair.label === label).length;
    const either =
      pairs.filter((pair) => pair.said === label).length + pairs.filter((pair) => pair.label === label).length;
    return either === 0 ? 0 : (2 * both) / either;
  });
  const right = pairs.filter(({ said, label }) => said === label).length;
  return {
    name,
    accuracy: right / pairs.length,
    macroF1: f1.reduce((sum, value) => sum + value, 0) / all.length,
    seconds,
  };
}
