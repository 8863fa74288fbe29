// One call at a time: an executable whose calls wait for each other, so that predictions and training may overlap in code.
import type { Executable } from '../contracts/executable.ts';
import { modelDisposed } from './refusals.ts';

/**
 * The same executable as what a model computes with; a call begins when the one before has ended, in the order in which they
 * were made. Calls made before it is disposed are still answered, later ones speak of the model.
 */
export function serialise(executable: Executable): Executable {
  const { summary } = executable;
  let last: Promise<unknown> = Promise.resolve();
  let disposed = false;
  const queued = async <R>(call: () => Promise<R>): Promise<R> => {
    if (disposed) throw modelDisposed();
    const result = last.then(call);
    last = result.catch(() => {});
    return result;
  };
  return {
    parameters: executable.parameters,
    states: executable.states,
    streams: executable.streams,
    initialState: (batch) => {
      if (disposed) throw modelDisposed();
      return executable.initialState(batch);
    },
    forward: (...given) => queued(() => executable.forward(...given)),
    step: (...given) => queued(() => executable.step(...given)),
    gradients: (...given) => queued(() => executable.gradients(...given)),
    trainStep: (...given) => queued(() => executable.trainStep(...given)),
    trace: (...given) => queued(() => executable.trace(...given)),
    read: () => queued(() => executable.read()),
    write: (snapshot) => queued(() => executable.write(snapshot)),
    ...(summary && { summary: (shape) => queued(() => summary(shape)) }),
    dispose: () => {
      disposed = true;
      last = last.then(() => executable.dispose()).catch(() => {});
    },
  };
}
