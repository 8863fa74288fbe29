// Calls between two threads: each side answers the other's by name, and a side that dies fails whatever waits for it.
import { UnrolledError } from '../errors.ts';
import { createErrorBook, type ErrorBook, type SentError } from './errors.ts';

/** One end of the wire between two threads. */
export interface Port {
  /** Sends a structured clone. @throws DataCloneError where a value can't be cloned */
  readonly post: (message: unknown) => void;
  /** Takes what comes; called once. */
  readonly listen: (take: (message: unknown) => void) => void;
}

/** Functions by name. */
export type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

/** What one side can do with the other's methods. */
export interface Channel<Theirs extends Methods> {
  /** Calls a method of the other side. Rejects with what it throws, or with the channel's failure. */
  readonly call: <K extends keyof Theirs & string>(
    method: K,
    ...args: Parameters<Theirs[K]>
  ) => Promise<Awaited<ReturnType<Theirs[K]>>>;
  /** Calls a method whose answer nobody waits for. */
  readonly tell: <K extends keyof Theirs & string>(method: K, ...args: Parameters<Theirs[K]>) => void;
  /** Waits for what `begin` gets a promise's functions for; the channel's failure ends it too. */
  readonly wait: <T>(begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void) => Promise<T>;
  /** Fails every call that waits and every later one. Only the first failure counts. */
  readonly fail: (error: UnrolledError) => void;
  /** How errors cross. */
  readonly errors: ErrorBook;
}

/** The tag of every message, so that a worker can have other talk on the same wire. */
const tag = 'unrolled:1';

type Message = { readonly tag: typeof tag } & (
  | { readonly call: number | undefined; readonly method: string; readonly args: never[] }
  | { readonly answer: number; readonly value?: unknown; readonly error?: SentError }
);

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A channel over `port`.
 * @param methods - what this side does when it is asked.
 * @param busy - told whenever the number of calls that wait for the other side becomes, or is no longer, nought.
 */
export function createChannel<Theirs extends Methods>(
  port: Port,
  methods: Methods,
  busy: (waits: boolean) => void = () => {},
): Channel<Theirs> {
  const waiting = new Map<number, Waiting>();
  const errors = createErrorBook();
  let failure: UnrolledError | undefined;
  let last = 0;

  const settle = (id: number): Waiting | undefined => {
    const found = waiting.get(id);
    if (waiting.delete(id) && waiting.size === 0) busy(false);
    return found;
  };
  const wait = <T>(begin: (id: number) => void): Promise<T> => {
    if (failure) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      if (waiting.size === 1) busy(true);
      begin(last);
    });
  };
  const post = (message: Message): void => {
    try {
      port.post(message);
    } catch (cause) {
      throw unsendable(cause);
    }
  };
  const answer = async (id: number | undefined, method: string, args: never[]): Promise<void> => {
    const done = async () => methods[method]?.(...args);
    try {
      const value = await done();
      if (id !== undefined) post({ tag, answer: id, value });
    } catch (error) {
      if (id !== undefined) post({ tag, answer: id, error: errors.send(error) });
    }
  };
  port.listen((message) => {
    if (!isMessage(message)) return;
    if ('method' in message) void answer(message.call, message.method, message.args);
    else if (message.error) settle(message.answer)?.reject(errors.receive(message.error));
    else settle(message.answer)?.resolve(message.value as never);
  });
  return {
    call: (method, ...args) =>
      wait((call) => {
        try {
          post({ tag, call, method, args: args as never[] });
        } catch (error) {
          settle(call)?.reject(error);
        }
      }),
    tell: (method, ...args) => {
      if (!failure) post({ tag, call: undefined, method, args: args as never[] });
    },
    wait: (begin) =>
      wait((id) =>
        begin(
          (value) => settle(id)?.resolve(value as never),
          (error) => settle(id)?.reject(error),
        ),
      ),
    fail: (error) => {
      failure ??= error;
      for (const id of [...waiting.keys()]) settle(id)?.reject(failure);
    },
    errors,
  };
}

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && (message as Partial<Message>).tag === tag;
}

function unsendable(cause: unknown): UnrolledError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new UnrolledError('WORKER_UNSENDABLE', `A value can't cross between threads: ${said.replace(/\.$/, '')}.`, {
    mend: 'Give plain data: no functions, promises or the like.',
    cause,
  });
}
