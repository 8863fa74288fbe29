// Reads the tensors of a golden file: base64 of little-endian numbers with a shape.

/** A tensor of float64 numbers, row-major; fits core's `Tensor`. */
export interface GoldenTensor {
  /** Sizes, outermost first; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** Row-major values. */
  readonly data: Float64Array;
}

/** Named tensors. */
export type GoldenTensors = Readonly<Record<string, GoldenTensor>>;

/** A tensor as it stands in the file: integers, float32 where that loses nothing, float64 otherwise. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly i32?: string;
  readonly f32?: string;
  readonly f64?: string;
}

/** The numbers of a stored tensor of floats. @throws Error where it holds integers or the wrong number of them. */
export function readTensor(stored: StoredTensor): GoldenTensor {
  const text = stored.f64 ?? stored.f32;
  if (text === undefined) throw new Error('This golden tensor holds integers; read it with readIntegers.');
  const view = bytesOf(text);
  const width = stored.f64 === undefined ? 4 : 8;
  const data = Float64Array.from({ length: view.byteLength / width }, (_, i) =>
    width === 8 ? view.getFloat64(i * 8, true) : view.getFloat32(i * 4, true),
  );
  return { shape: stored.shape, data: checked(stored, data) };
}

/** The numbers of a stored tensor of integers. @throws Error where it holds floats or the wrong number of them. */
export function readIntegers(stored: StoredTensor): Int32Array {
  if (stored.i32 === undefined) throw new Error('This golden tensor holds floats; read it with readTensor.');
  const view = bytesOf(stored.i32);
  return checked(
    stored,
    Int32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getInt32(i * 4, true)),
  );
}

/** {@link readTensor} of each. */
export function readTensors(stored: Readonly<Record<string, StoredTensor>>): GoldenTensors {
  return Object.fromEntries(Object.entries(stored).map(([name, tensor]) => [name, readTensor(tensor)]));
}

function bytesOf(base64: string): DataView {
  return new DataView(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);
}

function checked<T extends { readonly length: number }>(stored: StoredTensor, data: T): T {
  const size = stored.shape.reduce((product, length) => product * length, 1);
  if (data.length !== size) throw new Error(`A golden tensor of shape [${stored.shape}] holds ${data.length} numbers.`);
  return data;
}
