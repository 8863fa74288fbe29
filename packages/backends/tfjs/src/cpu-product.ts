// Products of matrices on TensorFlow.js's cpu backend, whose own take several times as long.
//
// Eight sums at once, in float64, over operands that are laid out in the order in which they are read.
import type { TensorInfo } from '@tensorflow/tfjs';
import { productKernel, type Tf } from '@unrolled/tfjs';

/** Rows of the result that are summed at once. */
const TALL = 2;
/** Columns of the result that are summed at once. */
const WIDE = 4;

/** What the kernel needs of the cpu backend. */
interface CpuBackend {
  readonly readSync: (id: object) => Float32Array;
  readonly write: (values: Float32Array, shape: number[], type: 'float32') => object;
}

/** Registers the kernel, once. */
export function registerCpuProduct(tf: Tf): void {
  if (tf.getKernel(productKernel, 'cpu')) return;
  const multiply = createProduct();
  tf.registerKernel({
    kernelName: productKernel,
    backendName: 'cpu',
    kernelFunc: ({ inputs, backend }) => {
      const cpu = backend as unknown as CpuBackend;
      const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
      const [m, k] = a.shape as [number, number];
      const [, n] = b.shape as [number, number];
      const values = multiply(cpu.readSync(a.dataId), cpu.readSync(b.dataId), m, k, n);
      return { dataId: cpu.write(values, [m, n], 'float32'), shape: [m, n], dtype: 'float32' };
    },
  });
}

/** `a` `[m, k]` times `b` `[k, n]`. */
type Product = (a: Float32Array, b: Float32Array, m: number, k: number, n: number) => Float32Array;

/** A product that keeps the memory for its operands from call to call. */
export function createProduct(): Product {
  let rows = new Float64Array(0);
  let columns = new Float64Array(0);
  return (a, b, m, k, n) => {
    const [tall, wide] = [Math.ceil(m / TALL) * TALL, Math.ceil(n / WIDE) * WIDE];
    if (rows.length < tall * k) rows = new Float64Array(tall * k);
    if (columns.length < wide * k) columns = new Float64Array(wide * k);
    layRows(rows, a, m, k);
    layColumns(columns, b, k, n);
    return multiplied(rows, columns, m, k, n);
  };
}

/** Two rows side by side, then the next two: `[⌈m/2⌉, k, 2]`. What stands in place of a missing row is not read. */
function layRows(rows: Float64Array, a: Float32Array, m: number, k: number): void {
  for (let i = 0; i < m; i++) {
    let to = (i - (i % TALL)) * k + (i % TALL);
    for (let p = i * k; p < (i + 1) * k; p++, to += TALL) rows[to] = a[p] as number;
  }
}

/** Four columns side by side, then the next four: `[⌈n/4⌉, k, 4]`. */
function layColumns(columns: Float64Array, b: Float32Array, k: number, n: number): void {
  for (let p = 0; p < k; p++) {
    for (let j = 0; j < n; j++) columns[(j - (j % WIDE)) * k + p * WIDE + (j % WIDE)] = b[p * n + j] as number;
  }
}

/** Every tile of the result. Numbers in the place of missing rows and columns are multiplied and thrown away. */
function multiplied(rows: Float64Array, columns: Float64Array, m: number, k: number, n: number): Float32Array {
  const out = new Float32Array(m * n);
  for (let j = 0; j < n; j += WIDE) {
    for (let i = 0; i < m; i += TALL) {
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      let row = i * k;
      let column = j * k;
      for (let p = 0; p < k; p++, row += TALL, column += WIDE) {
        const a = rows[row] as number;
        const b = rows[row + 1] as number;
        const c0 = columns[column] as number;
        const c1 = columns[column + 1] as number;
        const c2 = columns[column + 2] as number;
        const c3 = columns[column + 3] as number;
        a0 += a * c0;
        a1 += a * c1;
        a2 += a * c2;
        a3 += a * c3;
        b0 += b * c0;
        b1 += b * c1;
        b2 += b * c2;
        b3 += b * c3;
      }
      const width = Math.min(WIDE, n - j);
      put(out, i * n + j, width, a0, a1, a2, a3);
      if (i + 1 < m) put(out, (i + 1) * n + j, width, b0, b1, b2, b3);
    }
  }
  return out;
}

function put(out: Float32Array, at: number, width: number, a: number, b: number, c: number, d: number): void {
  out[at] = a;
  if (width > 1) out[at + 1] = b;
  if (width > 2) out[at + 2] = c;
  if (width > 3) out[at + 3] = d;
}
