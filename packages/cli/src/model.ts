// Opens a saved model with the registered plug-ins and the backend that flags ask for.

import { resolve } from 'node:path';
import { isUnrolledError, type Learns, type Model, UnrolledError } from '@unrolled/core';
import { loadFolder } from '@unrolled/core/node';
import type { Context } from './context.ts';
import type { Wanted } from './data.ts';
import { COMPILE_FLAGS, compileSettings } from './flags/compute.ts';
import type { Flag } from './flags/flag.ts';

/** Flags of commands that use a saved model: they change speed, not what it is. */
export const COMPUTE_FLAGS: readonly Flag[] = [
  { name: 'backend', value: 'NAME', description: 'what computes; default the one that trained the model' },
  ...COMPILE_FLAGS,
  { name: 'batch-size', value: 'N', description: 'texts computed together; default 32' },
];

/** The model in a folder. @throws UnrolledError `MODEL_NOT_FOUND`, `PLUGIN_MISSING`, and what loading throws */
export async function openModel(folder: string, { registry, values, io }: Context): Promise<Model> {
  const compute = compileSettings(values);
  const backend = values.text('backend');
  try {
    return await loadFolder(resolve(io.cwd, folder), registry, { compute, ...(backend !== undefined && { backend }) });
  } catch (error) {
    throw isUnrolledError(error, 'PLUGIN_MISSING') ? withPluginFlag(error) : error;
  }
}

/** What a model reads of data, as it was trained. */
export function wantedOf(model: Pick<Model<string, Learns>, 'info'>): Wanted {
  const { learns, settings } = model.info();
  return { learns, whole: settings.stream === true };
}

/** Loading never imports code by itself, so the flag that does is named. */
function withPluginFlag(error: UnrolledError): UnrolledError {
  const name = String(error.data.package);
  const message = error.mend ? error.message.slice(0, -error.mend.length - 1) : error.message;
  return new UnrolledError(error.code, message, {
    mend: `Run: npm install ${name}, and add --plugin ${name}`,
    data: error.data,
    cause: error,
  });
}
