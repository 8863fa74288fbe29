// The equation language: parse, infer shapes, interpret, differentiate and render recurrent networks.

export * from './batch-inputs.ts';
export { GraphBuilder } from './builder.ts';
export { checkBatch, checkExtent, checkState } from './check-batch.ts';
export * from './check-call.ts';
export * from './check-seeds.ts';
export * from './check-snapshot.ts';
export * from './check-tensors.ts';
export { differentiate, type Gradients } from './differentiate.ts';
export * from './first-steps.ts';
export { type Environment, Interpreter, type MaskDraw, type Result, type Round } from './interpret.ts';
export * from './ir.ts';
export * from './network.ts';
export * from './network-gradients.ts';
export * from './primitives.ts';
export { evaluateScalars } from './scalars.ts';
export * from './schedule/index.ts';
export * from './segments.ts';
export * from './states-of.ts';
export type * from './syntax/ast.ts';
export * from './syntax/error.ts';
export * from './syntax/functions.ts';
export * from './syntax/latex.ts';
export { DEEPEST, parse } from './syntax/parser.ts';
export * from './syntax/print.ts';
export * from './update.ts';
export { zeroState } from './zero-state.ts';
