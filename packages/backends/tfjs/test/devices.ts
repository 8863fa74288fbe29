// Compiling for a device, and the plug-in with a device chosen for tests that take a plug-in.
import { defineOptions, type Executable, initialise, type NetworkDescription, type Tensors } from '@unrolled/core';
import { type Device, type TfjsOptions, tfjs, tfjsBackend } from '../src/index.ts';

/** The tfjs backend whose default is `device`. */
export function on(device: Device): typeof tfjs {
  const { device: field, ...fields } = tfjs.options.fields;
  return { ...tfjs, options: defineOptions<TfjsOptions>({ ...fields, device: { ...field, default: device } }) };
}

/** Compiled for a device, weights all 0. */
export function compileOn(device: Device, network: NetworkDescription): Promise<Executable> {
  return tfjsBackend({ device })(network, {});
}

/** First weights of an executable, as a pipeline draws them. */
export function firstWeights({ parameters }: Executable, seed = 1): Tensors {
  return Object.fromEntries(parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, seed) }]));
}
