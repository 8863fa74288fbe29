// Operations of TensorFlow by name, run off the tape of TensorFlow.js.
import { productKernel, type Tf, type TfTensor } from '@unrolled/tfjs';

/** What is used of the native backend of TensorFlow.js. */
interface Native {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_ATTR_INT' | 'TF_ATTR_FLOAT' | Type, number>>;
  readonly executeSingleOutput: (name: string, attributes: Attribute[], inputs: TfTensor[]) => TfTensor;
  readonly executeMultipleOutputs: (
    name: string,
    attributes: Attribute[],
    inputs: TfTensor[],
    outputs: number,
  ) => TfTensor[];
}

type Type = 'TF_FLOAT' | 'TF_INT32' | 'TF_INT64';

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

/** Operations on float32 tensors while the native backend is the current one. */
export class Ops {
  readonly #tf: Tf;
  readonly #native: Native;
  readonly #type: Attribute;

  constructor(tf: Tf) {
    this.#tf = tf;
    this.#native = tf.backend() as unknown as Native;
    this.#type = this.#typeNamed('T', 'TF_FLOAT');
  }

  /** Runs an operation that has one output. */
  one(name: string, inputs: readonly TfTensor[], attributes: readonly Attribute[] = []): TfTensor {
    return this.#native.executeSingleOutput(name, [this.#type, ...attributes], [...inputs]);
  }

  /** Runs an operation that has several outputs. */
  several(
    name: string,
    inputs: readonly TfTensor[],
    outputs: number,
    attributes: readonly Attribute[] = [],
  ): TfTensor[] {
    return this.#native.executeMultipleOutputs(name, [this.#type, ...attributes], [...inputs], outputs);
  }

  /** An attribute that says yes or no. */
  yes(name: string, value: boolean): Attribute {
    return { name, type: this.#native.binding.TF_ATTR_BOOL, value };
  }

  /** A number as an attribute. */
  float(name: string, value: number): Attribute {
    return { name, type: this.#native.binding.TF_ATTR_FLOAT, value };
  }

  add(a: TfTensor, b: TfTensor): TfTensor {
    return this.one('AddV2', [a, b]);
  }

  multiply(a: TfTensor, b: TfTensor): TfTensor {
    return this.one('Mul', [a, b]);
  }

  negative(x: TfTensor): TfTensor {
    return this.one('Neg', [x]);
  }

  zerosLike(x: TfTensor): TfTensor {
    return this.one('ZerosLike', [x]);
  }

  /** A product of matrices, either of them transposed first. */
  product(a: TfTensor, b: TfTensor, { transposeA = false, transposeB = false } = {}): TfTensor {
    return this.one('MatMul', [a, b], [this.yes('transpose_a', transposeA), this.yes('transpose_b', transposeB)]);
  }

  /** Joins along an axis. */
  joined(parts: readonly TfTensor[], axis: number): TfTensor {
    if (parts.length === 1) return parts[0] as TfTensor;
    const attributes = [this.#integer('N', parts.length), this.#typeNamed('Tidx', 'TF_INT32')];
    return this.one('ConcatV2', [...parts, this.#constant([], axis)], attributes);
  }

  /** Cuts along an axis into parts of these sizes. */
  parts(x: TfTensor, sizes: readonly number[], axis: number): TfTensor[] {
    if (sizes.length === 1) return [x];
    const inputs = [x, this.#constant([sizes.length], ...sizes), this.#constant([], axis)];
    const attributes = [this.#integer('num_split', sizes.length), this.#typeNamed('Tlen', 'TF_INT32')];
    return this.several('SplitV', inputs, sizes.length, attributes);
  }

  /** Elements along the first axis. */
  elements(x: TfTensor): TfTensor[] {
    const count = x.shape[0] as number;
    return this.several('Unpack', [x], count, [this.#integer('num', count), this.#integer('axis', 0)]);
  }

  /** The elements along a new first axis. */
  stacked(elements: readonly TfTensor[]): TfTensor {
    return this.one('Pack', elements, [this.#integer('N', elements.length), this.#integer('axis', 0)]);
  }

  reshaped(x: TfTensor, shape: readonly number[]): TfTensor {
    const attributes = [this.#typeNamed('Tshape', 'TF_INT32')];
    return this.one('Reshape', [x, this.#tf.tensor1d([...shape], 'int32')], attributes);
  }

  /** A matrix with rows and columns exchanged. */
  transposed(x: TfTensor): TfTensor {
    const attributes = [this.#typeNamed('Tperm', 'TF_INT32')];
    return this.one('Transpose', [x, this.#constant([2], 1, 0)], attributes);
  }

  /** Zeros of a small shape. */
  zeros(shape: readonly number[]): TfTensor {
    return this.#tf.tensor(new Float32Array(shape.reduce((all, size) => all * size, 1)), [...shape]);
  }

  /** One-hot vectors `[…numbers, classes]`. */
  oneHot(numbers: TfTensor, classes: number): TfTensor {
    const values = [this.#tf.scalar(classes, 'int32'), this.#tf.scalar(1), this.#tf.scalar(0)];
    const attributes = [this.#typeNamed('TI', 'TF_INT32'), this.#integer('axis', -1)];
    return this.one('OneHot', [numbers, ...values], attributes);
  }

  /** Sums along the first axis. */
  sum(x: TfTensor): TfTensor {
    const attributes = [this.yes('keep_dims', false), this.#typeNamed('Tidx', 'TF_INT32')];
    return this.one('Sum', [x, this.#constant([], 0)], attributes);
  }

  /** The first `lengths[b]` steps of `x` `[time, batch, …]` in reverse, the rest as it is. */
  stepsReversed(x: TfTensor, lengths: Int32Array): TfTensor {
    const attributes = [
      this.#typeNamed('Tlen', 'TF_INT32'),
      this.#integer('seq_dim', 0),
      this.#integer('batch_dim', 1),
    ];
    return this.one('ReverseSequence', [x, this.#tf.tensor1d(lengths, 'int32')], attributes);
  }

  /** Element `[lengths[b] − 1, b]` of `x` `[time, batch, …]` for each b. */
  lastSteps(x: TfTensor, lengths: Int32Array): TfTensor {
    const attributes = [this.#typeNamed('Tparams', 'TF_FLOAT'), this.#typeNamed('Tindices', 'TF_INT32')];
    return this.#native.executeSingleOutput('GatherNd', attributes, [x, this.#lastIndices(lengths)]);
  }

  /** `x` `[time, batch, …]` with `last` `[batch, …]` added at the last step of each sequence. */
  withLastSteps(x: TfTensor, last: TfTensor, lengths: Int32Array): TfTensor {
    const inputs = [x, this.#lastIndices(lengths), last];
    return this.one('TensorScatterAdd', inputs, [this.#typeNamed('Tindices', 'TF_INT32')]);
  }

  /** Integers that say how an operation works, such as an axis. Made once, since making them takes as long as a small operation. */
  #constant(shape: readonly number[], ...integers: readonly number[]): TfTensor {
    const known = constants.get(this.#native) ?? new Map<string, TfTensor>();
    constants.set(this.#native, known);
    const key = `${shape} ${integers}`;
    const kept = known.get(key);
    if (kept) return kept;
    const made = this.#tf.tensor([...integers], [...shape], 'int32');
    if (known.size < mostConstants) known.set(key, this.#tf.keep(made));
    return made;
  }

  /** A number of steps as the 64-bit integer that the kernels of whole sequences take. */
  int64(value: number): TfTensor {
    const known = int64s.get(this.#native) ?? new Map<number, TfTensor>();
    int64s.set(this.#native, known);
    const made = known.get(value) ?? this.#int64(value);
    known.set(value, made);
    return made;
  }

  /** TensorFlow.js knows no such tensors; it says so on the console whenever an operation gives one. */
  #int64(value: number): TfTensor {
    const { warn } = console;
    console.warn = () => {};
    try {
      const number = this.#tf.scalar(value, 'int32');
      const attributes = [
        this.#typeNamed('SrcT', 'TF_INT32'),
        this.#typeNamed('DstT', 'TF_INT64'),
        this.yes('Truncate', false),
      ];
      const made = this.#tf.keep(this.#native.executeSingleOutput('Cast', attributes, [number]));
      number.dispose();
      return made;
    } finally {
      console.warn = warn;
    }
  }

  #lastIndices(lengths: Int32Array): TfTensor {
    const indices = Int32Array.from({ length: 2 * lengths.length }, (_, at) =>
      at % 2 === 0 ? (lengths[at / 2] as number) - 1 : (at - 1) / 2,
    );
    return this.#tf.tensor2d(indices, [lengths.length, 2], 'int32');
  }

  #integer(name: string, value: number): Attribute {
    return { name, type: this.#native.binding.TF_ATTR_INT, value };
  }

  #typeNamed(name: string, type: Type): Attribute {
    const { binding } = this.#native;
    return { name, type: binding.TF_ATTR_TYPE, value: binding[type] };
  }
}

/** Constants kept for good; sizes that come from batches may be many. */
const mostConstants = 256;

const constants = new WeakMap<Native, Map<string, TfTensor>>();

/**
 * Kept for good, one for each number of steps that was met. TensorFlow.js's own `Int64Scalar` makes a native tensor at each
 * call, which nothing ever frees: 790 bytes each.
 */
const int64s = new WeakMap<Native, Map<number, TfTensor>>();

/** Gives the native backend products of plain matrices: TensorFlow.js's own are of batches of them, several times slower. */
export function registerProduct(tf: Tf): void {
  if (tf.getKernel(productKernel, 'tensorflow') !== undefined) return;
  tf.registerKernel({
    kernelName: productKernel,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs }) => new Ops(tf).product(inputs.a as TfTensor, inputs.b as TfTensor),
  });
}
