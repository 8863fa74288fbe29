// Micro-batches: inputs that arrive one by one go through a network together. Knows nothing of HTTP or of networks.
import { counted, UnrolledError } from 'unrolled';

/** When a batch begins, and how many may wait. */
export interface MicroBatchSettings {
  /** Inputs of a batch at most. */
  readonly largestBatch: number;
  /** Milliseconds that the first input of a batch waits for others at most. */
  readonly longestWait: number;
  /** Inputs that may wait, besides those of the batch under way. */
  readonly longestQueue: number;
}

/** A queue whose inputs are answered in batches. */
export interface MicroBatches<Input, Output> {
  /**
   * The answer to one input, first come first served. A batch that fails is computed again one by one, so that a bad input fails
   * its own caller alone.
   * @param signal - takes the input out of the queue where nobody waits for the answer any more; its reason is thrown.
   * @throws UnrolledError `QUEUE_FULL`; what `compute` throws
   */
  readonly submit: (input: Input, signal?: AbortSignal) => Promise<Output>;
  /** Inputs that wait. */
  readonly waiting: () => number;
  /** From now on nothing waits for company, neither what waits already nor what comes; resolves when nothing is under way. */
  readonly hurry: () => Promise<void>;
}

interface Entry<Input, Output> {
  readonly input: Input;
  /** When it came, by performance.now(). */
  readonly since: number;
  readonly resolve: (output: Output) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Micro-batches of one batch at a time: what comes meanwhile makes up the next one.
 * @param compute - one output for each input, in their order.
 */
export function createMicroBatches<Input, Output>(
  compute: (inputs: readonly Input[]) => Promise<readonly Output[]>,
  { largestBatch, longestWait, longestQueue }: MicroBatchSettings,
): MicroBatches<Input, Output> {
  const queue: Entry<Input, Output>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | undefined;
  let hurried = false;

  const plan = (): void => {
    const [first] = queue;
    if (underWay || !first) return;
    if (hurried || queue.length >= largestBatch) begin();
    // By a timer even where the wait is over: it lets the event loop read the requests that came during the last batch.
    else timer ??= setTimeout(begin, Math.max(0, first.since + longestWait - performance.now()));
  };
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const begin = (): void => {
    cancel();
    underWay = answer(compute, queue.splice(0, largestBatch)).finally(() => {
      underWay = undefined;
      plan();
    });
  };
  const refusal = (signal: AbortSignal | undefined): unknown => {
    if (signal?.aborted) return signal.reason;
    if (queue.length < longestQueue) return undefined;
    return new UnrolledError('QUEUE_FULL', `${queue.length} inputs wait already, and no more may.`, {
      mend: 'Ask again later.',
    });
  };
  const submit = (input: Input, signal?: AbortSignal): Promise<Output> =>
    new Promise((resolve, reject) => {
      const refused = refusal(signal);
      if (refused !== undefined) return reject(refused);
      const leave = (): void => {
        const place = queue.indexOf(entry);
        if (place >= 0) queue.splice(place, 1);
        if (queue.length === 0) cancel();
        reject(signal?.reason);
      };
      const settle = <Value>(how: (value: Value) => void) => {
        return (value: Value): void => {
          signal?.removeEventListener('abort', leave);
          how(value);
        };
      };
      const entry = { input, since: performance.now(), resolve: settle(resolve), reject: settle(reject) };
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(entry);
      plan();
    });
  return {
    submit,
    waiting: () => queue.length,
    hurry: async () => {
      hurried = true;
      plan();
      while (underWay) await underWay;
    },
  };
}

async function answer<Input, Output>(
  compute: (inputs: readonly Input[]) => Promise<readonly Output[]>,
  entries: readonly Entry<Input, Output>[],
): Promise<void> {
  try {
    const outputs = await compute(entries.map(({ input }) => input));
    if (outputs.length !== entries.length)
      throw new UnrolledError(
        'BATCH_INVALID',
        `For ${counted(entries.length, 'input')} there came ${counted(outputs.length, 'output')}.`,
      );
    for (const [index, { resolve }] of entries.entries()) resolve(outputs[index] as Output);
  } catch (error) {
    if (entries.length === 1) entries[0]?.reject(error);
    else for (const entry of entries) await answer(compute, [entry]);
  }
}
