// The public face of @unrolled/tfjs.
export { currentBackend, isStarted, runOn, whileStarting } from './current-backend.ts';
export { TfjsExecutable } from './executable.ts';
export type { Pack, PackedBody } from './packs.ts';
export { registerParts } from './parts.ts';
export { type Program, programOf, type ScanProgram } from './program.ts';
export type { Device, Tf } from './tensorflow.ts';
