// Norms of rows and unit vectors, in float64.

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
