// From values to places in a drawing, linear or logarithmic, and where ticks stand.

/** One axis. */
export interface Scale {
  /** Place of a value, 0 at the least and 1 at the most. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From `least` to `most`, with ticks at round numbers between them. */
export function linearScale(least: number, most: number): Scale {
  const span = most - least || 1;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(least / step);
  const count = Math.floor((least + span) / step + 1e-9) - first + 1;
  return {
    at: (value) => (value - least) / span,
    ticks: Array.from({ length: count }, (_, i) => (first + i) * step),
  };
}

/** From the power of ten below `least` to the one above `most`; both are greater than 0. */
export function logScale(least: number, most: number): Scale {
  const low = Math.floor(Math.log10(least));
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)));
  const step = Math.ceil((high - low) / 6);
  return {
    at: (value) => (Math.log10(value) - low) / (high - low),
    ticks: Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => 10 ** (low + i * step)),
  };
}
