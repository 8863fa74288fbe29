// Checks a module's two forms against wabt.
import { expect } from 'vitest';
import wabt from 'wabt';
import type { ModuleBuilder } from '../../src/index.ts';

const features = { simd: true, threads: true, relaxed_simd: true, bulk_memory: true, sat_float_to_int: true };

/** Both forms agree: wabt's binary of our text is our binary, and wabt's text of our binary says the same again; and the engine takes it. */
export async function expectSame(module: ModuleBuilder, engineKnowsIt = true): Promise<void> {
  const { parseWat, readWasm } = await wabt();
  const binary = module.toBinary();
  expect(WebAssembly.validate(binary)).toBe(engineKnowsIt);
  const parsed = parseWat('module.wat', module.toText(), features);
  expect(Buffer.from(parsed.toBinary({}).buffer).equals(Buffer.from(binary))).toBe(true);
  const read = readWasm(binary, { ...features, check: true } as never);
  const again = parseWat('again.wat', read.toText({ foldExprs: false }), features);
  expect(Buffer.from(again.toBinary({}).buffer).equals(Buffer.from(binary))).toBe(true);
}
