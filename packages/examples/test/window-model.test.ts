// The interpolated counts, by hand and as a distribution.
import { describe, expect, it } from 'vitest';
import { WindowModel } from '../src/window-model.ts';

describe('a model of windows', () => {
  it('is by hand what Witten and Bell write', () => {
    // a b a b a: after nothing a came 3 times, b 2; after a b came 2 times; after b a came 2 times.
    const text = [0, 1, 0, 1, 0];
    const a = (3 + 2 * (1 / 3)) / (5 + 2);
    const b = (2 + 2 * (1 / 3)) / (5 + 2);
    expect(new WindowModel(text, 1, 3).bits([2, 0, 1])).toBeCloseTo(-(Math.log2(a) + Math.log2(b)) / 2, 12);
    const afterB = (2 + 1 * a) / (2 + 1);
    const afterA = (2 + 1 * b) / (2 + 1);
    expect(new WindowModel(text, 2, 3).bits([0, 1, 0])).toBeCloseTo(-(Math.log2(afterA) + Math.log2(afterB)) / 2, 12);
  });

  it('takes the longest window that it has seen, where it has not seen all', () => {
    const model = new WindowModel([0, 1, 0, 1, 0], 3, 3);
    // c never came: neither "c" nor "a c" is a window that was seen, so all that is left is how frequent a is.
    expect(model.bits([2, 0])).toBeCloseTo(-Math.log2((3 + 2 / 3) / 7), 12);
  });

  it('gives probabilities that add up to 1 over all symbols, seen or not', () => {
    const text = Array.from({ length: 400 }, (_, at) => (at * at * 7 + (at >> 2)) % 9);
    const model = new WindowModel(text, 4, 12);
    for (const window of [[3], [1, 4, 2], [11, 11, 11], [0, 10, 4]]) {
      // With the window's own bits taken off, what is left is that of the last symbol.
      const own = window.length > 1 ? model.bits(window) * (window.length - 1) : 0;
      const last = (symbol: number) => model.bits([...window, symbol]) * window.length - own;
      const total = Array.from({ length: 12 }, (_, symbol) => 2 ** -last(symbol)).reduce((sum, each) => sum + each, 0);
      expect(total).toBeCloseTo(1, 10);
    }
  });
});
