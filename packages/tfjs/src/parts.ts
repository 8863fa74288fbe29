// Cuts a tensor into parts along an axis, all in one operation on the tape.
//
// The wasm backend of TensorFlow.js copies the whole tensor for each part that it cuts off, so on the backends whose
// numbers lie in memory (cpu, wasm) this is a kernel of our own, under our own name.
import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from './tensorflow.ts';

const kernel = 'UnrolledParts';

/** How a tensor is cut. */
type Cut = {
  /** Sizes of the parts along `axis`. */
  readonly sizes: number[];
  readonly axis: number;
  /** Whether parts of size 1 lose the axis. */
  readonly drop: boolean;
};

/** What the kernel needs of a TensorFlow.js backend whose numbers lie in memory. */
interface MemoryBackend {
  readonly readSync: (id: object) => Numbers;
  readonly write: (values: Numbers, shape: number[], type: TensorInfo['dtype']) => object;
}

/** Of a float32 or int32 tensor. */
type Numbers = Float32Array | Int32Array;

/** Registers the kernel and its gradient, once. */
export function registerParts(tf: Tf): void {
  if (tf.getGradient(kernel)) return;
  for (const backendName of ['cpu', 'wasm']) {
    tf.registerKernel({
      kernelName: kernel,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        cut(inputs.x as TensorInfo, attrs as unknown as Cut, backend as unknown as MemoryBackend),
    });
  }
  tf.registerGradient({
    kernelName: kernel,
    gradFunc: (dy, _, attrs) => {
      const { axis, drop } = attrs as unknown as Cut;
      const parts = Array.isArray(dy) ? dy : [dy];
      return { x: () => (drop ? tf.stack(parts, axis) : tf.concat(parts, axis)) };
    },
  });
}

/** Parts of `x` of these sizes along `axis` (may be −1). */
export function partsOf(tf: Tf, x: Tensor, sizes: readonly number[], axis: number): Tensor[] {
  if (sizes.length === 1) return [x];
  const at = axis < 0 ? x.rank + axis : axis;
  return hasKernel(tf) ? run(tf, x, { sizes: [...sizes], axis: at, drop: false }) : tf.split(x, [...sizes], at);
}

/** Elements of `x` along its first axis. */
export function elementsOf(tf: Tf, x: Tensor): Tensor[] {
  const [count = 0, ...rest] = x.shape;
  // TensorFlow.js has no gradient of unstacking a single element.
  if (count === 1) return [tf.reshape(x, rest)];
  return hasKernel(tf) ? run(tf, x, { sizes: new Array<number>(count).fill(1), axis: 0, drop: true }) : tf.unstack(x);
}

function hasKernel(tf: Tf): boolean {
  return tf.getKernel(kernel, tf.getBackend()) !== undefined;
}

function run(tf: Tf, x: Tensor, { sizes, axis, drop }: Cut): Tensor[] {
  return tf.engine().runKernel(kernel, { x }, { sizes, axis, drop });
}

function cut(x: TensorInfo, { sizes, axis, drop }: Cut, backend: MemoryBackend): TensorInfo[] {
  const values = backend.readSync(x.dataId);
  const inner = product(x.shape.slice(axis + 1));
  const rows = product(x.shape.slice(0, axis));
  const stride = (x.shape[axis] as number) * inner;
  let from = 0;
  return sizes.map((size) => {
    const length = size * inner;
    const part = rows === 1 ? values.subarray(from, from + length) : gathered(values, from, length, rows, stride);
    from += length;
    const shape = [...x.shape.slice(0, axis), ...(drop ? [] : [size]), ...x.shape.slice(axis + 1)];
    return { dataId: backend.write(part, shape, x.dtype), shape, dtype: x.dtype };
  });
}

/** `length` numbers of each row, from `from` on. */
function gathered(values: Numbers, from: number, length: number, rows: number, stride: number): Numbers {
  const out = values instanceof Int32Array ? new Int32Array(rows * length) : new Float32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    const start = row * stride + from;
    out.set(values.subarray(start, start + length), row * length);
  }
  return out;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
