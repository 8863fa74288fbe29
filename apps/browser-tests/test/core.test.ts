// The core in a page: it loads without Node, and the page may share memory between threads.
import * as core from '@unrolled/core';
import { expect, test } from 'vitest';

test('the page is cross-origin isolated, so threads can share memory', () => {
  expect(crossOriginIsolated).toBe(true);
  expect(new SharedArrayBuffer(8).byteLength).toBe(8);
});

/** FNV-1a over the bits of `f` on a sweep of arguments made by exact arithmetic. */
function fingerprint(f: (x: number, y: number) => number): number {
  const bits = new DataView(new ArrayBuffer(8));
  let hash = 0x811c9dc5;
  for (let i = 0; i < 40000; i++) {
    const x = ((i % 200) - 99.5) * ((i >> 3) + 1) * 0.000244140625;
    bits.setFloat64(0, f(x, (i % 37) / 8 - 2));
    for (let byte = 0; byte < 8; byte++) hash = Math.imul(hash ^ bits.getUint8(byte), 0x01000193);
  }
  return hash >>> 0;
}

// The numbers are those that packages/core/test/maths.test.ts holds Node to.
test.each([
  ['cos', core.cos, 197582314],
  ['erf', core.erf, 909767131],
  ['exp', core.exp, 556562394],
  ['log', core.log, 216550332],
  ['log1p', core.log1p, 3454411681],
  ['pow', (x: number, y: number) => core.pow(Math.abs(x), y), 1646400487],
  ['sigmoid', core.sigmoid, 2457891646],
  ['sin', core.sin, 540367694],
  ['softplus', core.softplus, 1251159099],
  ['tanh', core.tanh, 2246360557],
] as const)('%s has the bits that it has in Node', (_, f, expected) => {
  expect(fingerprint(f)).toBe(expected);
});

test('a plug-in is defined and its options are checked', () => {
  const options = core.defineOptions({ units: core.size(4, 'Size of the state.') });
  expect(core.parseOptions(options, {}, 'cell "a"')).toEqual({ units: 4 });
  expect(() => core.parseOptions(options, { units: 0.5 }, 'cell "a"')).toThrow('cell "a": option "units"');
});
