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
export { type Arrays, eachVector, type MapArrays, mapVectors, type Vectors } from './loops/map.ts';
export { loadPartial, storePartial } from './loops/partial.ts';
export { blockSumBytes, blockSums, type Reduction, reduceVectors, SUM_BLOCK, sumInOrder } from './loops/reduce.ts';
export { sigmoid, softplus, tanh } from './maths/activations.ts';
export { erf } from './maths/error-function.ts';
export { exp } from './maths/exponential.ts';
export { log } from './maths/logarithm.ts';
export { cos, sin } from './maths/trigonometry.ts';
export { type MaskFunction, maskFunction } from './random/mask.ts';
export { BARRIER_BYTES, type Barrier, barrier } from './threads/barrier.ts';
export { coresOf } from './threads/cores.ts';
export { type PoolState, ThreadPool, type ThreadPoolOptions } from './threads/pool.ts';
export type { Program, ProgramOptions } from './threads/program.ts';
export { type SharedPool, sharedPool } from './threads/shared-pool.ts';
