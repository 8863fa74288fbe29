// What a pipeline refuses for where it stands: nothing learned yet, learning already, or disposed.
import { UnrolledError } from '../errors.ts';

/** The error of what needs a model before there is one: `NOT_FITTED`. */
export function notFitted(): UnrolledError {
  return new UnrolledError('NOT_FITTED', 'The pipeline has learned nothing yet.', {
    mend: 'Call fit first and await it, or load a saved model.',
  });
}

/** The error of a second run beside the first: `RUN_IN_PROGRESS`. */
export function runInProgress(): UnrolledError {
  return new UnrolledError('RUN_IN_PROGRESS', 'This pipeline is learning already.', {
    mend: 'Await the first run, or make a second pipeline.',
  });
}

/** The error of a call to a model after its `dispose`: `EXECUTABLE_DISPOSED`. */
export function modelDisposed(): UnrolledError {
  return new UnrolledError('EXECUTABLE_DISPOSED', 'This model was disposed.', {
    mend: 'Load it again, or of a pipeline fit it again.',
  });
}
