// The batch of a golden, in the shape that core's `Executable` takes.
import { readIntegers, readTensor, type StoredTensor } from './tensors.ts';

/** A batch as core's `Executable` takes it. Padding holds arbitrary valid numbers, in inputs, targets and weights alike. */
export interface GoldenBatch {
  readonly size: number;
  readonly time: number;
  readonly inputs: { readonly x: Int32Array | Float64Array; readonly source?: Int32Array | Float64Array };
  readonly lengths: Int32Array;
  readonly sourceLengths?: Int32Array;
  readonly targets?: Int32Array | Float64Array;
  readonly weights?: Float64Array;
  readonly exampleIndex: Int32Array;
  readonly start: Int32Array;
}

/** A batch as it stands in the file. */
export interface StoredBatch {
  readonly lengths: readonly number[];
  readonly x: StoredTensor;
  readonly source?: StoredTensor;
  readonly sourceLengths?: readonly number[];
  readonly targets?: StoredTensor;
  readonly weights?: StoredTensor;
}

/** Reads a batch whose sequences all begin here. */
export function readBatch({ lengths, sourceLengths, x, source, targets, weights }: StoredBatch): GoldenBatch {
  return {
    size: lengths.length,
    time: x.shape[0] as number,
    inputs: { x: readNumbers(x), ...(source && { source: readNumbers(source) }) },
    lengths: Int32Array.from(lengths),
    ...(sourceLengths && { sourceLengths: Int32Array.from(sourceLengths) }),
    ...(targets && { targets: readNumbers(targets) }),
    ...(weights && { weights: readTensor(weights).data }),
    exampleIndex: Int32Array.from(lengths, (_, row) => row),
    start: new Int32Array(lengths.length),
  };
}

function readNumbers(stored: StoredTensor): Int32Array | Float64Array {
  return stored.i32 === undefined ? readTensor(stored).data : readIntegers(stored);
}
