// Norms of small matrices.

/** Root of the sum of squares. */
export function frobeniusNorm(matrix: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < matrix.length; i++) sum += (matrix[i] as number) * (matrix[i] as number);
  return Math.sqrt(sum);
}

const maximumRounds = 200;
const precision = 1e-10;

/** Largest singular value of a square matrix `[size, size]`, by power iteration on AᵀA from a fixed start. */
export function spectralNorm(matrix: Float64Array, size: number): number {
  let vector: Float64Array = Float64Array.from({ length: size }, (_, i) => 1 + i / (size + 1));
  let norm = 0;
  for (let round = 0; round < maximumRounds; round++) {
    const image = times(matrix, vector, size, false);
    const next = frobeniusNorm(image) / frobeniusNorm(vector);
    if (!(next > 0)) return next;
    vector = normalised(times(matrix, image, size, true));
    if (Math.abs(next - norm) <= precision * next) return next;
    norm = next;
  }
  return norm;
}

function times(matrix: Float64Array, vector: Float64Array, size: number, transposed: boolean): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const [to, from] = transposed ? [j, i] : [i, j];
      out[to] = (out[to] as number) + (matrix[i * size + j] as number) * (vector[from] as number);
    }
  }
  return out;
}

function normalised(vector: Float64Array): Float64Array {
  const norm = frobeniusNorm(vector);
  return norm > 0 ? vector.map((value) => value / norm) : vector;
}
