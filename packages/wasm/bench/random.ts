// Speed of random masks in nanoseconds per unit, beside core's.
import { fillMask, maskKey, maskThreshold } from '@unrolled/core';
import { ModuleBuilder, maskFunction } from '../src/index.ts';
import { report, rounds } from './rounds.ts';

/** Prints a line for each length of a row. */
export function benchRandom(): void {
  const module = new ModuleBuilder({ memory: { minimum: 1, export: 'memory' } });
  module.export(maskFunction(module));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBinary()));
  const { mask } = exports as Record<string, any>;
  const out = new Float32Array(4096);
  const { low, high } = maskKey(1);
  const threshold = maskThreshold(0.5);
  for (const units of [13, 64, 128, 512, 4096]) {
    const position = { seed: 1, update: 5, site: 1, example: 7, step: 0 };
    const simd = rounds(() => mask(0, units, low, high, 5, 1, 7, position.step++, threshold, 2), units);
    const plain = rounds(() => {
      position.step++;
      fillMask(out, 0, units, position, 0.5, 2);
    }, units);
    const times = { SIMD: simd.map((rate) => 1 / rate), core: plain.map((rate) => 1 / rate) };
    report(`mask of ${units} units, ns per unit`, times, '');
  }
}
