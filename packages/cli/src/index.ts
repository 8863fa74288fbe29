// The public face of @unrolled/cli.
export type { Program } from './context.ts';
export { EXIT, type Io, processIo } from './io.ts';
export { run } from './run.ts';
