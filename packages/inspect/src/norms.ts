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
    const image = times(matrix, vector, size);
    const next = frobeniusNorm(image) / frobeniusNorm(vector);
    if (!(next > 0)) return next;
    vector = normalised(transposedTimes(matrix, image, size));
    if (Math.abs(next - norm) <= precision * next) return next;
    norm = next;
  }
  return norm;
}

function times(matrix: Float64Array, vector: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (matrix[i * size + j] as number) * (vector[j] as number);
    out[i] = sum;
  }
  return out;
}

function transposedTimes(matrix: Float64Array, vector: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const factor = vector[i] as number;
    for (let j = 0; j < size; j++) out[j] = (out[j] as number) + (matrix[i * size + j] as number) * factor;
  }
  return out;
}

function normalised(vector: Float64Array): Float64Array {
  const norm = frobeniusNorm(vector);
  return norm > 0 ? vector.map((value) => value / norm) : vector;
}
