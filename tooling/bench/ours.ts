// The backend under test: the one place that names it.
import { tfjs } from '@unrolled/backend-tfjs';
import { type Backend, type Compile, defineOptions } from '@unrolled/core';

const { device, ...fields } = tfjs.options.fields;

/** The plug-in, for pipelines. */
export const ours: Backend = {
  ...tfjs,
  options: defineOptions({ ...fields, device: { ...device, default: 'wasm' as const } }),
};

/** Compiles networks. */
export const compile: Compile = ours.compile(ours.options.defaults);
