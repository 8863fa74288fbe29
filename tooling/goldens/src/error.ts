// The measure of error that every comparison in this project uses (DESIGN §4).

/**
 * Largest difference, relative to the largest magnitude expected: max |actual − expected| ÷ max(1e-3, max |expected|).
 * Infinite where lengths differ, or where a NaN or an infinity stands on one side only.
 */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let scale = 1e-3;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] as number, expected[i] as number];
    if (Number.isFinite(b)) scale = Math.max(scale, Math.abs(b));
    if (Object.is(a, b)) continue;
    const apart = Math.abs(a - b);
    if (!Number.isFinite(apart)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, apart);
  }
  return difference / scale;
}
