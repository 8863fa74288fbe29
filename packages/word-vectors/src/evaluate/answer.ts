// Answers many analogies at once. Their words are few, so the cosines of those with all words are computed once, a block of
// words at a time, and each question combines three of them.
import { type AnalogyMethod, COS_MUL_EPSILON, type KeyedVectors } from '../keyed-vectors.ts';
import { rowNorms, unit } from '../norms.ts';
import { RowProducts } from '../row-products.ts';

/** An analogy as rows. */
export interface Question {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Rows that are right. */
  readonly expected: readonly number[];
  /** Rows that are no answer. */
  readonly but: readonly number[];
}

interface AnswerOptions {
  readonly method: AnalogyMethod;
  /** Answers are looked for among so many rows. */
  readonly rows: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** The questions that were answered rightly; of equal scores the first row is the answer. */
export async function answer(
  vectors: KeyedVectors,
  questions: readonly Question[],
  { method, rows, signal, onProgress }: AnswerOptions,
): Promise<ReadonlySet<Question>> {
  const asked = [...new Set(questions.flatMap(({ a, b, c }) => [a, b, c]))];
  const products = new RowProducts(vectors.size);
  const { block } = products;
  const place = new Map(asked.map((row, index) => [row, index * block]));
  const cosines = new Float32Array(asked.length * block);
  const search = method === '3CosAdd' ? searchSums : searchProducts;
  const best: Best[] = questions.map(({ a, b, c, but }) => {
    const [ofA, ofB, ofC] = [place.get(a) as number, place.get(b) as number, place.get(c) as number];
    return { ofA, ofB, ofC, but, score: -Infinity, row: -1 };
  });
  const { values, size } = vectors;
  const directions = asked.map((row) => unit(values.subarray(row * size, (row + 1) * size)));
  const norms = rowNorms(values, size);
  for (let from = 0; from < rows; from += block) {
    signal?.throwIfAborted();
    const count = Math.min(block, rows - from);
    products.take(values, from, count);
    for (const [index, direction] of directions.entries())
      putCosines(products.with(direction, count), norms.subarray(from, from + count), cosines, index * block);
    for (const one of best) search(cosines, from, count, one);
    onProgress?.((from + count) / rows);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return new Set(questions.filter(({ expected }, index) => expected.includes((best[index] as Best).row)));
}

/** The best answer so far, and where the cosines of its words begin. */
interface Best {
  readonly ofA: number;
  readonly ofB: number;
  readonly ofC: number;
  readonly but: readonly number[];
  score: number;
  row: number;
}

/** Products divided by norms, from `at` on; 0 with zeros. */
function putCosines(products: Float64Array, norms: Float64Array, cosines: Float32Array, at: number): void {
  for (let i = 0; i < norms.length; i++) {
    const norm = norms[i] as number;
    cosines[at + i] = norm > 0 ? (products[i] as number) / norm : 0;
  }
}

function searchSums(cosines: Float32Array, from: number, count: number, best: Best): void {
  const { ofA, ofB, ofC } = best;
  let { score } = best;
  for (let i = 0; i < count; i++) {
    const sum = (cosines[ofB + i] as number) + (cosines[ofC + i] as number) - (cosines[ofA + i] as number);
    if (sum <= score || best.but.includes(from + i)) continue;
    score = sum;
    best.row = from + i;
  }
  best.score = score;
}

function searchProducts(cosines: Float32Array, from: number, count: number, best: Best): void {
  const { ofA, ofB, ofC } = best;
  let { score } = best;
  for (let i = 0; i < count; i++) {
    const like = ((1 + (cosines[ofB + i] as number)) / 2) * ((1 + (cosines[ofC + i] as number)) / 2);
    const product = like / ((1 + (cosines[ofA + i] as number)) / 2 + COS_MUL_EPSILON);
    if (product <= score || best.but.includes(from + i)) continue;
    score = product;
    best.row = from + i;
  }
  best.score = score;
}
