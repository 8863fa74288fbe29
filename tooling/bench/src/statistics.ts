// What a set of measured times comes to: median and quartiles.

/** The middle of some times and their spread. */
export interface Summary {
  /** Half of the times are below. */
  readonly median: number;
  /** A quarter of the times are below. */
  readonly lower: number;
  /** A quarter of the times are above. */
  readonly upper: number;
}

/** Quartiles by linear interpolation between order statistics (Hyndman and Fan 1996, type 7), as NumPy's. */
export function summarise(times: readonly number[]): Summary {
  return { median: quantile(times, 0.5), lower: quantile(times, 0.25), upper: quantile(times, 0.75) };
}

/**
 * The value below which the share `share` of some numbers lies.
 * @param share - 0 to 1.
 * @throws RangeError where there are no numbers
 */
export function quantile(numbers: readonly number[], share: number): number {
  if (numbers.length === 0) throw new RangeError('There is no quantile of no numbers.');
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}
