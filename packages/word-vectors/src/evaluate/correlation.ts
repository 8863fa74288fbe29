// Correlation of two lists of numbers, by value and by rank.

/** Pearson's product-moment correlation, −1 to 1; NaN where a list is constant or shorter than two. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const { length } = x;
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const [a, b] = [(x[i] as number) - meanX, (y[i] as number) - meanY];
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  const product = Math.sqrt(xx) * Math.sqrt(yy);
  return product > 0 ? Math.max(-1, Math.min(1, xy / product)) : Number.NaN;
}

/** Spearman's rank correlation, −1 to 1, ties sharing their mean rank; NaN where a list is constant or shorter than two. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(ranks(x), ranks(y));
}

/** The rank of each value, from 1; equal values have the mean of theirs. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i);
  order.sort((a, b) => (values[a] as number) - (values[b] as number));
  const found = new Float64Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    const value = values[order[from] as number];
    while (to < order.length && values[order[to] as number] === value) to += 1;
    for (let i = from; i < to; i++) found[order[i] as number] = (from + 1 + to) / 2;
  }
  return found;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
