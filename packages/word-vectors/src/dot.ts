// Dot products and norms of rows, in float64 and in one order, so that every engine gives the same bits.

/** Σ row[i] vector[i] with the row that begins at `at` of `values`. */
export function dot(values: Float32Array, at: number, vector: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const size = vector.length;
  const end = size & ~3;
  let i = 0;
  for (let j = at; i < end; i += 4, j += 4) {
    s0 += (values[j] as number) * (vector[i] as number);
    s1 += (values[j + 1] as number) * (vector[i + 1] as number);
    s2 += (values[j + 2] as number) * (vector[i + 2] as number);
    s3 += (values[j + 3] as number) * (vector[i + 3] as number);
  }
  for (; i < size; i++) s0 += (values[at + i] as number) * (vector[i] as number);
  return s0 + s1 + (s2 + s3);
}

/** The Euclidean norm of each row of `values` `[rows, size]`. */
export function rowNorms(values: Float32Array, size: number): Float64Array {
  const norms = new Float64Array(values.length / size);
  for (let row = 0; row < norms.length; row++) {
    let squares = 0;
    for (let i = row * size; i < (row + 1) * size; i++) squares += (values[i] as number) * (values[i] as number);
    norms[row] = Math.sqrt(squares);
  }
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
