// Dot products of many rows with one vector, in float64 and in one order, so that every engine gives the same bits: rows go
// block by block through a small WebAssembly memory, which stays in the cache.
import { F32, F32x4, F64, F64x2, I32, ModuleBuilder, type Variable } from '@unrolled/wasm';

/** Numbers of a block, if a row is no longer: 128 KiB. */
const BLOCK = 1 << 15;
const PAGE = 65536;
/** Numbers that the loop takes at once, in four sums of two lanes. */
const STEP = 8;

type Kernel = (rows: number, vector: number, products: number, count: number, size: number) => void;

/** The dot products of rows of `size` float32 numbers with a float64 vector. */
export class RowProducts {
  /** How many rows a block has at most. */
  readonly block: number;
  readonly #size: number;
  readonly #rows: Float32Array;
  readonly #vector: Float64Array;
  readonly #products: Float64Array;
  readonly #kernel: Kernel;

  constructor(size: number) {
    this.#size = size;
    this.block = Math.max(1, Math.floor(BLOCK / size));
    const rowBytes = Math.ceil((4 * this.block * size) / 8) * 8;
    const bytes = rowBytes + 8 * size + 8 * this.block;
    const { exports } = new WebAssembly.Instance(compiled());
    const { memory, dots } = exports as { memory: WebAssembly.Memory; dots: Kernel };
    memory.grow(Math.ceil(bytes / PAGE));
    this.#rows = new Float32Array(memory.buffer, 0, this.block * size);
    this.#vector = new Float64Array(memory.buffer, rowBytes, size);
    this.#products = new Float64Array(memory.buffer, rowBytes + 8 * size, this.block);
    this.#kernel = dots;
  }

  /** Takes rows `from` to `from + count` of `values`; `count` is at most {@link block}. */
  take(values: Float32Array, from: number, count: number): void {
    this.#rows.set(values.subarray(from * this.#size, (from + count) * this.#size));
  }

  /** The products `[count]` of the rows taken with `vector` `[size]`, valid until the next call. */
  with(vector: Float64Array, count: number): Float64Array {
    this.#vector.set(vector);
    this.#kernel(0, this.#vector.byteOffset, this.#products.byteOffset, count, this.#size);
    return this.#products;
  }
}

let module: WebAssembly.Module | undefined;

/** The module, compiled once: a few hundred bytes. */
function compiled(): WebAssembly.Module {
  module ??= new WebAssembly.Module(build());
  return module;
}

type Sum = Variable<F64x2>;
const signature = { rows: I32, vector: I32, products: I32, count: I32, size: I32 };

function build(): Uint8Array<ArrayBuffer> {
  const builder = new ModuleBuilder({ memory: { minimum: 0, export: 'memory' } });
  const dots = builder.function('dots', signature, (f, { rows, vector, products, count, size }) => {
    const row = f.let('row', rows);
    const whole = f.let('whole', size.and(-STEP));
    f.for('k', 0, count, 1, (k) => {
      const sums = [0, 1, 2, 3].map((i) => f.let(`sum${i}`, F64x2.const(0)));
      const other = f.let('other', vector);
      f.for('i', 0, whole, STEP, () => {
        for (const half of [0, 1]) {
          const four = f.let('four', F32x4.load(row, 16 * half));
          const [low, high] = [four.promoteLow(), four.shuffle(four, 2, 3, 2, 3).promoteLow()];
          for (const [i, lanes] of [low, high].entries()) {
            const sum = sums[2 * half + i] as Sum;
            f.set(sum, sum.add(lanes.mul(F64x2.load(other, 32 * half + 16 * i))));
          }
        }
        f.set(row, row.add(4 * STEP));
        f.set(other, other.add(8 * STEP));
      });
      const [a, b, c, d] = sums as [Sum, Sum, Sum, Sum];
      const pairs = f.let('pairs', a.add(b).add(c.add(d)));
      const sum = f.let('sum', pairs.lane(0).add(pairs.lane(1)));
      f.for('j', whole, size, 1, () => {
        f.set(sum, sum.add(F32.load(row).toF64().mul(F64.load(other))));
        f.set(row, row.add(4));
        f.set(other, other.add(8));
      });
      f.store(products.add(k.shl(3)), sum);
    });
  });
  builder.export(dots);
  return builder.toBinary();
}
