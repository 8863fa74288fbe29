// Speed of the maths in nanoseconds per element of an array in the first-level cache.
import { kernels, names } from '../test/maths/kernels.ts';
import { report, rounds } from './rounds.ts';

const COUNT = 4096;

/** Prints a line for each function. */
export function benchMaths(): void {
  const { values, run } = kernels();
  for (const name of names) {
    const [least, most] = name === 'log' ? [0.1, 10] : [-4, 4];
    // Computed in place, from values that are copied anew.
    for (let i = 0; i < COUNT; i++) values[COUNT + i] = least + ((most - least) * (i % 1023)) / 1023;
    const rates = rounds(() => {
      values.copyWithin(0, COUNT, 2 * COUNT);
      run[name](COUNT);
    }, COUNT);
    report(name, { 'ns per element': rates.map((rate) => 1 / rate) }, '');
  }
}
