// The public face of @unrolled/wasm.
export { Call, type FunctionBuilder, type Label, type Variable } from './assembler/function-builder.ts';
export type { Callee, MemoryOptions } from './assembler/instructions.ts';
export {
  type Arguments,
  ModuleBuilder,
  type Parameters,
  type Signature,
  type WasmFunction,
} from './assembler/module-builder.ts';
export { F32, F32x4, F64, F64x2, I32, I32x4, I64, type Value, type ValueClass } from './assembler/values.ts';
export {
  type Gemm,
  type GemmOptions,
  gemm,
  type PackedProduct,
  type PackFunction,
  type Product,
} from './gemm/products.ts';
export { GEMM_SCRATCH_BYTES, packedBytes } from './gemm/sizes.ts';
