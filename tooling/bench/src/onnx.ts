// Writes ONNX models. Field numbers are those of onnx.proto3.
import { type Bytes, bytes, integer, joined, message, text } from './protobuf.ts';

const types = { float32: 1, int32: 6, int64: 7 } as const;

/** A tensor's type. */
type OnnxType = keyof typeof types;

/** A constant of the model. */
export interface Initial {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** One operation. */
export interface Operation {
  readonly type: string;
  /** An empty name is an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly integers?: Readonly<Record<string, number>>;
}

/** An input or output; a named size is one that calls may choose. */
export interface Port {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

/** A model. */
export interface OnnxGraph {
  readonly operations: readonly Operation[];
  readonly initials: readonly Initial[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Version of ONNX's operations, and of its files. */
const OPSET = 17;
const FORMAT = 8;

/** The model as a file. */
export function encodeOnnx({ operations, initials, inputs, outputs }: OnnxGraph): Uint8Array {
  const graph = message(
    7,
    ...operations.map(encodeOperation),
    text(2, 'graph'),
    ...initials.map(encodeInitial),
    ...inputs.map((port) => encodePort(11, port)),
    ...outputs.map((port) => encodePort(12, port)),
  );
  return joined([integer(1, FORMAT), text(2, 'unrolled'), graph, message(8, text(1, ''), integer(2, OPSET))].flat());
}

function encodeOperation({ type, inputs, outputs, integers = {} }: Operation): Bytes {
  const integerAttribute = 2;
  return message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, type),
    ...Object.entries(integers).map(([name, value]) =>
      message(5, text(1, name), integer(3, value), integer(20, integerAttribute)),
    ),
  );
}

function encodeInitial({ name, shape, data }: Initial): Bytes {
  const type = data instanceof Float32Array ? types.float32 : types.int64;
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(5, ...shape.map((size) => integer(1, size)), integer(2, type), text(8, name), bytes(9, raw));
}

function encodePort(field: number, { name, type, shape }: Port): Bytes {
  const sizes = shape.map((size) => message(1, typeof size === 'number' ? integer(1, size) : text(2, size)));
  return message(field, text(1, name), message(2, message(1, integer(1, types[type]), message(2, ...sizes))));
}
