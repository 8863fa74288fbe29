// Dot products and norms of rows, in float64 and in one order, so that every engine gives the same bits.

/** Σ a[i] b[i] over `size` numbers from `atA` and `atB` on. */
export function dot(a: Float32Array, atA: number, b: Float32Array | Float64Array, atB: number, size: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const end = atA + (size & ~3);
  let i = atA;
  let j = atB;
  for (; i < end; i += 4, j += 4) {
    s0 += (a[i] as number) * (b[j] as number);
    s1 += (a[i + 1] as number) * (b[j + 1] as number);
    s2 += (a[i + 2] as number) * (b[j + 2] as number);
    s3 += (a[i + 3] as number) * (b[j + 3] as number);
  }
  for (; i < atA + size; i++, j++) s0 += (a[i] as number) * (b[j] as number);
  return s0 + s1 + (s2 + s3);
}

/** The Euclidean norm of each row of `values` `[rows, size]`. */
export function rowNorms(values: Float32Array, size: number): Float64Array {
  const norms = new Float64Array(values.length / size);
  for (let row = 0; row < norms.length; row++)
    norms[row] = Math.sqrt(dot(values, row * size, values, row * size, size));
  return norms;
}

/** A vector divided by its norm; zeros stay zeros. */
export function unit(vector: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(vector);
  let squares = 0;
  for (const value of copy) squares += value * value;
  const norm = Math.sqrt(squares);
  if (norm > 0) for (let i = 0; i < copy.length; i++) copy[i] = (copy[i] as number) / norm;
  return copy;
}
