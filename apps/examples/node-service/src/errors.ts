// What went wrong, as HTTP says it: a status for each code, and JSON that names the code.
import { isUnrolledError, UnrolledError } from 'unrolled';

/** Every error that is a client's to read. Any other is the service's own fault: 500, and told to the log alone. */
const statuses: Readonly<Record<string, number>> = {
  BODY_NOT_JSON: 400,
  BODY_NOT_UTF8: 400,
  ROUTE_UNKNOWN: 404,
  METHOD_WRONG: 405,
  CLIENT_SILENT: 408,
  BODY_TOO_LARGE: 413,
  TEXT_MISSING: 422,
  TEXT_EMPTY: 422,
  TEXT_TOO_LONG: 422,
  NETWORK_DOES_NOT_STREAM: 501,
  TOKENIZER_NOT_PIECEWISE: 501,
  STARTING: 503,
  STOPPING: 503,
  QUEUE_FULL: 503,
  STREAMS_FULL: 503,
};

/** An error as its client gets it. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** JSON body. */
  readonly body: { readonly error: { readonly code: string; readonly message: string } };
}

/** What a client is told of `error`. */
export function refusalOf(error: unknown): Refusal {
  const status = isUnrolledError(error) ? statuses[error.code] : undefined;
  if (status !== undefined) {
    const { code, message } = error as UnrolledError;
    return { status, body: { error: { code, message } } };
  }
  console.error(error);
  return { status: 500, body: { error: { code: 'INTERNAL', message: 'The service failed; its log says why.' } } };
}

/** What an answer says while the service ends. */
export function stopping(): UnrolledError {
  return new UnrolledError('STOPPING', 'The service is stopping.', { mend: 'Ask again.' });
}
