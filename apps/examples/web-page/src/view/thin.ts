// Makes long lines drawable.

/** A point of a line. */
export type Point = readonly [x: number, y: number];

/** At most `most` points: each the mean of its neighbours, where there are more. */
export function thin(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const size = Math.ceil(points.length / most);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const some = points.slice(i * size, (i + 1) * size);
    const mean = (axis: 0 | 1): number => some.reduce((sum, point) => sum + point[axis], 0) / some.length;
    return [mean(0), mean(1)];
  });
}
