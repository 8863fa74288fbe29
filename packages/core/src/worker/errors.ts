// Errors as plain data: code, message, mend, facts and cause cross; an error that comes back to its own side is the same object.
import { isUnrolledError, UnrolledError } from '../errors.ts';

/** An error, or anything else that was thrown, ready to cross. */
export interface SentError {
  /** Number under which the side it comes from keeps it. */
  readonly at: number;
  /** Whether the number is one that the receiver gave, because the error was the receiver's first. */
  readonly yours?: true;
  /** Whether it is an `UnrolledError`. */
  readonly unrolled: boolean;
  /** `TypeError` */
  readonly name: string;
  /** What it says. */
  readonly message: string;
  /** Where it was thrown. */
  readonly stack?: string | undefined;
  /** Its code, Node's own errors included. */
  readonly code?: string | number | undefined;
  /** See `UnrolledError`. */
  readonly mend?: string | undefined;
  /** See `UnrolledError`. */
  readonly data?: unknown;
  /** The error underneath. */
  readonly cause?: SentError;
  /** What was thrown, where that is no error. */
  readonly thrown?: unknown;
}

/** Turns errors into data and back. */
export interface ErrorBook {
  /** Ready to cross. */
  readonly send: (error: unknown) => SentError;
  /** As thrown on the other side, or the very object where it came from this one. */
  readonly receive: (sent: SentError) => unknown;
}

/** Errors of its own side that are remembered, so that they can come home. */
const remembered = 64;
const deepest = 16;

/** A book for one side of a channel. */
export function createErrorBook(): ErrorBook {
  const ours = new Map<number, unknown>();
  const theirs = new WeakMap<object, number>();
  let last = 0;
  const keep = (error: unknown): number => {
    last += 1;
    ours.set(last, error);
    ours.delete(last - remembered);
    return last;
  };
  const send = (error: unknown, depth = 0): SentError => {
    const home = typeof error === 'object' && error !== null ? theirs.get(error) : undefined;
    const origin = home === undefined ? { at: keep(error) } : { at: home, yours: true as const };
    if (!(error instanceof Error) && !isUnrolledError(error))
      return { ...origin, unrolled: false, name: 'Error', message: String(error), thrown: cloneable(error) };
    const { name, message, stack, cause } = error;
    const { code, mend, data } = error as Partial<UnrolledError> & { readonly code?: string | number };
    const inner = cause !== undefined && depth < deepest && { cause: send(cause, depth + 1) };
    const own = { code, mend, data: cloneable(data), ...inner };
    return { ...origin, unrolled: isUnrolledError(error), name, message, stack, ...own };
  };
  const receive = (sent: SentError): unknown => {
    if (sent.yours && ours.has(sent.at)) return ours.get(sent.at);
    const error = revive(sent, sent.cause && receive(sent.cause));
    if (typeof error === 'object' && error !== null) theirs.set(error, sent.at);
    return error;
  };
  return { send, receive };
}

const standard = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function revive(sent: SentError, cause: unknown): unknown {
  if ('thrown' in sent) return sent.thrown;
  const error = sent.unrolled ? reviveOurs(sent, cause) : reviveOthers(sent, cause);
  if (sent.stack !== undefined) Object.defineProperty(error, 'stack', hidden(sent.stack));
  return error;
}

function reviveOurs({ code = '', message, mend, data }: SentError, cause: unknown): UnrolledError {
  // The constructor writes the mend after the message once more.
  const bare = mend !== undefined && message.endsWith(` ${mend}`) ? message.slice(0, -mend.length - 1) : message;
  const facts = data as Readonly<Record<string, unknown>> | undefined;
  return new UnrolledError(String(code), bare, { ...(mend && { mend }), ...(facts && { data: facts }), cause });
}

function reviveOthers({ name, message, code }: SentError, cause: unknown): Error {
  const Class = Object.hasOwn(standard, name) ? standard[name as keyof typeof standard] : Error;
  const error = new Class(message, cause === undefined ? {} : { cause });
  if (error.name !== name) Object.defineProperty(error, 'name', hidden(name));
  return code === undefined ? error : Object.assign(error, { code });
}

function hidden(value: unknown): PropertyDescriptor {
  return { value, configurable: true, writable: true, enumerable: false };
}

/** What structured clone can take, else what JSON can, else undefined. */
function cloneable(value: unknown): unknown {
  for (const copy of [() => structuredClone(value), () => JSON.parse(JSON.stringify(value))]) {
    try {
      return copy();
    } catch {} // the next way
  }
  return undefined;
}
