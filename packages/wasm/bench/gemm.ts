// Speed of the products, for squares and for the shapes of LSTMs.
import { GEMM_SCRATCH_BYTES, gemm, ModuleBuilder, packedBytes } from '../src/index.ts';
import { report, rounds } from './rounds.ts';

/** Name, rows, columns, depth. */
const shapes: readonly (readonly [string, number, number, number])[] = [
  ['square 64', 64, 64, 64],
  ['square 256', 256, 256, 256],
  ['square 512', 512, 512, 512],
  ['square 1024', 1024, 1024, 1024],
  ['A, step (32 rows, 128 units)', 32, 512, 128],
  ['A, inputs (1600 rows, 64 in)', 1600, 512, 64],
  ['B, step (32 rows, 64 units)', 32, 256, 64],
  ['B, inputs (3200 rows, 32 in)', 3200, 256, 32],
  ['D, step (32 rows, 512 units)', 32, 2048, 512],
  ['D, inputs (3200 rows, 256 in)', 3200, 2048, 256],
  ['A, weight gradient', 128, 512, 1600],
  ['B, weight gradient', 64, 256, 3200],
  ['D, weight gradient', 512, 2048, 3200],
  ['7 rows', 7, 256, 64],
  ['13 rows, 250 columns', 13, 250, 64],
  ['1 row, 64 units', 1, 256, 64],
  ['1 row, 512 units', 1, 2048, 512],
];

/** Prints a line for each shape. */
export function benchGemm(): void {
  const module = new ModuleBuilder({ memory: { minimum: 3200, export: 'memory' } });
  for (const one of Object.values(gemm(module))) module.export(one);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBinary()));
  const { memory, pack, packed_product, product, product_of_transposed, transposed_product } = exports as Record<
    string,
    any
  >;
  const floats = new Float32Array(memory.buffer);
  for (let i = 0; i < floats.length; i++) floats[i] = ((i * 7919) % 1024) / 1024 - 0.5;
  for (const [name, rows, columns, depth] of shapes) {
    const a = GEMM_SCRATCH_BYTES;
    const b = a + 4 * rows * depth;
    const packed = b + 4 * columns * depth;
    const c = packed + packedBytes(depth, columns);
    const sizes = [c, 4 * columns, rows, columns, depth, 0, 0];
    pack(b, 4 * columns, packed, depth, columns);
    const work = 2 * rows * columns * depth;
    const forms = {
      packed: () => packed_product(a, 4 * depth, packed, ...sizes),
      NN: () => product(a, 4 * depth, b, 4 * columns, ...sizes),
      NT: () => product_of_transposed(a, 4 * depth, b, 4 * depth, ...sizes),
      TN: () => transposed_product(a, 4 * rows, b, 4 * columns, ...sizes),
    };
    report(name, Object.fromEntries(Object.entries(forms).map(([form, run]) => [form, rounds(run, work)])), 'GFLOP/s');
  }
}
