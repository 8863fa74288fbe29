// The backend under test: the one place that names it.
import { wasm } from '@unrolled/backend-wasm';
import type { Backend, Compile } from '@unrolled/core';

/** The plug-in, for pipelines. */
export const ours: Backend = wasm;

/** Compiles networks. */
export const compile: Compile = wasm.compile(wasm.options.defaults);
