// One call at a time: an executable whose calls wait for each other, so that predictions and training may overlap in code.
import type { Executable } from '../contracts/executable.ts';

/** The same executable; a call begins when the one before has ended, in the order in which they were made. */
export function serialise(executable: Executable): Executable {
  let last: Promise<unknown> = Promise.resolve();
  const queued = <R>(call: () => Promise<R>): Promise<R> => {
    const result = last.then(call);
    last = result.catch(() => {});
    return result;
  };
  return {
    parameters: executable.parameters,
    states: executable.states,
    streams: executable.streams,
    initialState: (batch) => executable.initialState(batch),
    forward: (...given) => queued(() => executable.forward(...given)),
    step: (...given) => queued(() => executable.step(...given)),
    gradients: (...given) => queued(() => executable.gradients(...given)),
    trainStep: (...given) => queued(() => executable.trainStep(...given)),
    trace: (...given) => queued(() => executable.trace(...given)),
    read: () => queued(() => executable.read()),
    write: (snapshot) => queued(() => executable.write(snapshot)),
    dispose: () => {
      last = last.then(() => executable.dispose()).catch(() => {});
    },
  };
}
