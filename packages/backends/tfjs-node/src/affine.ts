// Reads a sum of products as what a gate is made of: W @ x[t] + U @ h[t-1] + b, in any order and nesting.
import type { Graph, Value } from '@unrolled/equations';

/** A gate before its function. */
export interface Affine {
  /** The matrix `[units, size]` of each input, by the input; of an input of class numbers, the matrix with a column for each. */
  readonly inputs: ReadonlyMap<number, number>;
  /** The matrix of what comes from the step before. */
  readonly recurrent: number;
  /** What is added; vectors, or numbers that are added to each unit. */
  readonly biases: readonly number[];
}

/** A sum whose only product inside of the loop is that of a matrix and `vector`, or undefined. */
export function affineOf({ values }: Graph, id: number, vector: number): Affine | undefined {
  const inputs = new Map<number, number>();
  const recurrent: number[] = [];
  const biases: number[] = [];
  for (const term of termsOf(values, id)) {
    const [first = -1, second = -1] = 'args' in term ? term.args : [];
    if (isShared(term) && term.shape.length < 2) biases.push(term.id);
    else if (!isProduct(term) || !isShared(values[first])) return undefined;
    else if (second === vector && term.op === 'matmul') recurrent.push(first);
    else if (isSequence(values[second]) && !inputs.has(second)) inputs.set(second, first);
    else return undefined;
  }
  const [matrix] = recurrent;
  return matrix !== undefined && recurrent.length === 1 ? { inputs, recurrent: matrix, biases } : undefined;
}

/** The terms of nested sums. */
function termsOf(values: readonly Value[], id: number): readonly Value[] {
  const value = values[id] as Value;
  return value.op === 'add' ? value.args.flatMap((arg) => termsOf(values, arg)) : [value];
}

/** A matrix times a vector, or its column at a class number. */
function isProduct(value: Value): boolean {
  return (value.op === 'matmul' && !value.transposed) || (value.op === 'gather' && value.axis === 1);
}

/** The same for all sequences and steps. */
function isShared(value: Value | undefined): boolean {
  return value !== undefined && value.over.length === 0 && value.scope < 0;
}

/** Something from outside of the loop for each step of each sequence. */
function isSequence(value: Value | undefined): boolean {
  return value !== undefined && value.scope < 0 && value.over.join() === 'batch,time';
}
