// Whether the engine has relaxed SIMD: Node from 22 on and Chromium do, Node 20 does not.
import { F32x4, ModuleBuilder } from '@unrolled/wasm';

let known: boolean | undefined;

/** Asks the engine once, with the smallest module that multiplies and adds in one instruction. */
export function hasRelaxedSimd(): boolean {
  known ??= WebAssembly.validate(probe());
  return known;
}

function probe(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.function('fused', { a: F32x4, b: F32x4, c: F32x4 }, (_, { a, b, c }) => a.relaxedMultiplyAdd(b, c));
  return module.toBinary();
}
