// Masks of the SIMD kernel against those of @unrolled/core, bit for bit.
import { fillMask, maskKey, maskThreshold } from '@unrolled/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ModuleBuilder, maskFunction } from '../../src/index.ts';

const module = new ModuleBuilder({ memory: { minimum: 1, export: 'memory' } });
module.export(maskFunction(module));
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBinary()));
const { mask, memory } = exports as { mask: (...of: number[]) => void; memory: WebAssembly.Memory };
const floats = new Float32Array(memory.buffer);
const UNTOUCHED = 777;

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });
const position = fc.record({ seed: fc.maxSafeNat(), update: word, site: word, example: word, step: word });
const probability = fc.oneof(fc.constantFrom(0, 1, 2 ** -31, 1 - 2 ** -31), fc.double({ min: 0, max: 1, noNaN: true }));
const high = fc.oneof(fc.constantFrom(0, 1, 2), fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }));

test('a row is that of core, and nothing else is written', () => {
  const check = fc.property(position, fc.nat(70), fc.nat(7), probability, high, (at, units, offset, hits, value) => {
    const expected = new Float32Array(units + 16).fill(UNTOUCHED);
    fillMask(expected, 8, units, at, hits, value);
    floats.fill(UNTOUCHED);
    const { low, high: upper } = maskKey(at.seed);
    const { update, site, example, step } = at;
    mask(4 * (8 + offset), units, low, upper, update, site, example, step, maskThreshold(hits), value);
    expect(floats.slice(offset, offset + units + 16)).toEqual(expected);
  });
  fc.assert(check, { numRuns: 1000 });
});

test('every length, up to the last byte of the memory', () => {
  const at = { seed: 2 ** 40 + 3, update: 17, site: 2, example: 99, step: 4 };
  const { low, high: upper } = maskKey(at.seed);
  for (let units = 0; units <= 70; units++) {
    const expected = new Float32Array(units);
    fillMask(expected, 0, units, at, 0.5, 2);
    const first = floats.length - units;
    floats.fill(UNTOUCHED);
    mask(4 * first, units, low, upper, at.update, at.site, at.example, at.step, maskThreshold(0.5), 2);
    expect(floats.slice(first)).toEqual(expected);
    expect(floats.subarray(0, first).every((value) => value === UNTOUCHED)).toBe(true);
  }
});
