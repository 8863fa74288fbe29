// The one error class of Unrolled: a stable code, what was given, what was expected, and how to mend it.

const marker = Symbol.for('unrolled.error');

/** What an {@link UnrolledError} carries besides its message. */
export interface ErrorDetails {
  /** How the caller can mend it, in one sentence. */
  readonly mend?: string;
  /** Machine-readable facts: what was given and expected. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The error underneath. */
  readonly cause?: unknown;
}

/** An error with a stable `code`. Test it with {@link isUnrolledError}, which survives two installed versions. */
export class UnrolledError extends Error {
  /** Stable, in capitals: safe to branch on. */
  readonly code: string;
  /** How the caller can mend it. */
  readonly mend: string | undefined;
  /** Machine-readable facts. */
  readonly data: Readonly<Record<string, unknown>>;

  /** @param code - stable, in capitals; `message` says what was given and what was expected. */
  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(details.mend ? `${message} ${details.mend}` : message, { cause: details.cause });
    this.name = 'UnrolledError';
    this.code = code;
    this.mend = details.mend;
    this.data = details.data ?? {};
    Object.defineProperty(this, marker, { value: true });
  }
}

/** Whether `error` is an {@link UnrolledError} of any installed version, and of `code` where one is given. */
export function isUnrolledError(error: unknown, code?: string): error is UnrolledError {
  const marked = typeof error === 'object' && error !== null && marker in error;
  return marked && (code === undefined || (error as unknown as UnrolledError).code === code);
}
