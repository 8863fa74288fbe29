// The adding problem: two numbers among many are marked; what is their sum?
import { drawIntegers, fillUniform } from '@unrolled/core';
import type { Problem } from './problem.ts';

/**
 * Pairs of a value, uniform in [−1, 1), and a marker: 1 at the two values to be added, −1 at the first and last step, else 0.
 * One mark is in the first 10 steps, the other in the first T / 2 − 1; a value marked at the first step is 0. The number is
 * 0.5 + (sum of both) / 4. Between T and 1.1 T steps. Source: Hochreiter and Schmidhuber 1997, section 5.4.
 */
export const adding: Problem = (length, draws) => {
  const below = drawIntegers(draws);
  const steps = length + below(Math.floor(length / 10) + 1);
  const half = Math.floor(length / 2) - 1;
  const first = below(Math.min(10, half));
  const other = below(half - 1);
  const second = other + (other >= first ? 1 : 0);
  const units = new Float64Array(steps);
  fillUniform(units, 0, steps, { ...draws, step: 1 });
  const values = Array.from(units, (unit, step) => {
    const value = 2 * unit - 1;
    if (step === first || step === second) return [step === 0 ? 0 : value, 1];
    return [value, step === 0 || step === steps - 1 ? -1 : 0];
  });
  const valueAt = (step: number): number => values[step]?.[0] as number;
  return { values, number: 0.5 + (valueAt(first) + valueAt(second)) / 4 };
};
