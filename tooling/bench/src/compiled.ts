// Networks compiled by the backend under test, with first weights.
import { type CompileSettings, type Executable, initialise, type NetworkDescription } from '@unrolled/core';
import { compile } from '../ours.ts';

/** Compiles a network and gives it its first weights. */
export async function compiled(network: NetworkDescription, settings: CompileSettings): Promise<Executable> {
  const executable = await compile(network, settings);
  await writeFirstWeights(executable);
  return executable;
}

/** Draws first weights, as a pipeline does. */
export async function writeFirstWeights(executable: Executable): Promise<void> {
  const drawn = executable.parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, 1) }]);
  await executable.write({ parameters: Object.fromEntries(drawn) });
}
