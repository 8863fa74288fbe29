// The public face of @unrolled/tfjs.
export type { Outside, Place } from './compute.ts';
export { currentBackend, isStarted, runOn, whileStarting } from './current-backend.ts';
export { TfjsExecutable } from './executable.ts';
export type { FindWhole, ScanProgram, ScanResult, WholeScan } from './loops.ts';
export type { Matrix } from './matrix.ts';
export type { Pack, PackedBody } from './packs.ts';
export { registerParts } from './parts.ts';
export type { Positions } from './positions.ts';
export { productKernel } from './products.ts';
export { type Program, programOf } from './program.ts';
export type { Recorder } from './recorder.ts';
export { firstCarry } from './scan.ts';
export type { Device, Tf, TfTensor } from './tensorflow.ts';
