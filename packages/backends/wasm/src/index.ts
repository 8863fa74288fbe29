// The public face of @unrolled/backend-wasm.
export * from './text.ts';
export * from './wasm.ts';
