// One call at a time: an executable whose calls wait for each other, so that predictions and training may overlap in code.
import type { Executable } from '../contracts/executable.ts';

/** The same executable; a call begins when the one before has ended, in the order in which they were made. */
export function serialise(executable: Executable): Executable {
  let last: Promise<unknown> = Promise.resolve();
  const queued =
    <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
    (...given: A): Promise<R> => {
      const result = last.then(() => call(...given));
      last = result.catch(() => {});
      return result;
    };
  return {
    parameters: executable.parameters,
    states: executable.states,
    streams: executable.streams,
    initialState: executable.initialState,
    forward: queued(executable.forward),
    gradients: queued(executable.gradients),
    trainStep: queued(executable.trainStep),
    trace: queued(executable.trace),
    read: queued(executable.read),
    write: queued(executable.write),
    dispose: () => {
      last = last.then(executable.dispose).catch(() => {});
    },
  };
}
