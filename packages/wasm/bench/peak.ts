// What plain multiplications and additions reach without memory: the limit of a product on this machine now.
import { F32x4, I32, ModuleBuilder } from '../src/index.ts';
import { report, rounds } from './rounds.ts';

/** Enough to hide the latency of both operations, and few enough for 16 registers. */
const SUMS = 13;
const STEPS = 1 << 16;

/** Prints the limit. */
export function benchPeak(): void {
  const module = new ModuleBuilder();
  module.export(
    module.function('run', { steps: I32 }, (f, { steps }) => {
      const sums = Array.from({ length: SUMS }, (_, i) => f.let('sum', F32x4.const(i)));
      f.for('step', 0, steps, 1, () => {
        for (const sum of sums) f.set(sum, sum.mul(0.5).add(1));
      });
      return sums.reduce<F32x4>((total, sum) => total.add(sum), F32x4.const(0)).lane(0);
    }),
  );
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(module.toBinary())).exports as Record<string, any>;
  report('multiply and add, registers', { limit: rounds(() => run(STEPS), SUMS * STEPS * 8) }, 'GFLOP/s');
}
