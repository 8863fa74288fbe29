// Scales and thinned lines.
import { describe, expect, it } from 'vitest';
import { linearScale, logScale } from '../src/view/scale.ts';
import { type Point, thin } from '../src/view/thin.ts';

describe('scales', () => {
  it('puts round ticks inside a linear range', () => {
    const { at, ticks } = linearScale(0, 0.93);
    expect([at(0), at(0.93)]).toEqual([0, 1]);
    expect(ticks.map((tick) => tick.toFixed(1))).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8']);
    expect(linearScale(1, 717).ticks).toEqual([200, 400, 600]);
  });

  it('takes a range of one value', () => {
    expect(linearScale(1, 1).at(1)).toBe(0);
    expect(Number.isFinite(logScale(0.1, 0.1).at(0.1))).toBe(true);
  });

  it('puts powers of ten around a logarithmic range', () => {
    const { at, ticks } = logScale(9.7e-7, 0.9);
    expect([at(1e-7), at(1)]).toEqual([0, 1]);
    expect(ticks.map(Math.log10)).toEqual([-7, -5, -3, -1]);
  });
});

describe('thin', () => {
  it('leaves short lines alone, and means neighbours of long ones', () => {
    const points = Array.from({ length: 10 }, (_, i): Point => [i, i % 2]);
    expect(thin(points, 10)).toBe(points);
    expect(thin(points, 5)).toEqual([0.5, 2.5, 4.5, 6.5, 8.5].map((x) => [x, 0.5]));
    expect(thin(points, 3).length).toBeLessThanOrEqual(3);
  });
});
