// The public face of @unrolled/backend-wasm.
export * from './wasm.ts';
