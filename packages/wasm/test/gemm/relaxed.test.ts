// Relaxed arithmetic: a module that needs the engine's relaxed SIMD, and whose sums stay close to the exact ones.
import { expect, test } from 'vitest';
import { GEMM_SCRATCH_BYTES, gemm, ModuleBuilder } from '../../src/index.ts';
import { expectSame } from '../assembler/same.ts';
import { multiplyPlainly, operands } from './matrices.ts';

function relaxed(): ModuleBuilder {
  const module = new ModuleBuilder({ memory: { minimum: 20, export: 'memory' } });
  module.export(gemm(module, { arithmetic: 'relaxed' }).product, 'product');
  return module;
}

const module = relaxed();
const available = WebAssembly.validate(module.toBinary());

test('is another instruction in the same place', async () => {
  expect(module.toText()).toContain('f32x4.relaxed_madd');
  await expectSame(module, available);
});

test.skipIf(!available)(`multiplies where the engine has it (here it does${available ? '' : ' not'})`, () => {
  const shape = { rows: 7, columns: 11, depth: 300 };
  const { a, b, c } = operands(1);
  const { product, memory } = new WebAssembly.Instance(new WebAssembly.Module(module.toBinary())).exports as Record<
    string,
    any
  >;
  const floats = new Float32Array(memory.buffer);
  const atA = GEMM_SCRATCH_BYTES / 4;
  const atB = atA + shape.rows * shape.depth;
  const atC = atB + shape.depth * shape.columns;
  for (let k = 0; k < shape.depth; k++) {
    for (let i = 0; i < shape.rows; i++) floats[atA + i * shape.depth + k] = a(i, k);
    for (let j = 0; j < shape.columns; j++) floats[atB + k * shape.columns + j] = b(k, j);
  }
  product(4 * atA, 4 * shape.depth, 4 * atB, 4 * shape.columns, 4 * atC, 4 * shape.columns, 7, 11, 300, 0, 0);
  const exact = multiplyPlainly(shape, { a, b, c });
  const largest = Math.max(...exact.map(Math.abs));
  for (const [index, value] of exact.entries())
    expect(Math.abs((floats[atC + index] as number) - value)).toBeLessThan(1e-5 * largest);
});
