// Follows a run and writes its progress as event files; the run goes on as it would without.
import { join } from 'node:path';
import {
  type AnyAccuracy,
  type EpochRecord,
  type History,
  type Progress,
  type Run,
  startRun,
  UnrolledError,
} from '@unrolled/core';
import { scalarsEvent, startEvent } from './event.ts';
import { EventFile } from './event-file.ts';

/** What is written. */
export interface TensorBoardOptions {
  /** Updates from one point to the next of what is written between the ends of epochs; 10. */
  readonly every?: number;
}

/**
 * Writes event files while `run` goes on: in `folder`/train the loss, gradient norm, learning rate and speed at updates, and
 * the measures of each epoch; in `folder`/validation its measures on the validation part. The axis counts updates. What is in
 * the folder stays; a run that goes on from a checkpoint, or begins anew, adds files, and takes the place of points that it
 * computes again.
 * @returns the same run: await it for the history, iterate it for progress; all is written before either is over.
 * @throws UnrolledError `SETTING_INVALID`. The run that is returned ends with `EVENTS_WRITE_FAILED` where a file can't be
 * written; the model keeps what it has learned until then.
 */
export function tensorBoard<A extends AnyAccuracy = number>(
  run: Run<History<A>, Progress<A>>,
  folder: string,
  { every = 10 }: TensorBoardOptions = {},
): Run<History<A>, Progress<A>> {
  const stopRun = () => run.stop().catch(() => {}); // who awaits it hears what went wrong
  if (!Number.isInteger(every) || every < 1) {
    void stopRun();
    throw new UnrolledError('SETTING_INVALID', `"every" must be a whole number of updates from 1, but is ${every}.`, {
      mend: 'Leave it out for 10.',
    });
  }
  const reports = run[Symbol.asyncIterator]();
  const first = reports.next(); // asked for now, so that the run waits at its first step while the file is opened
  first.catch(() => {}); // where no file can be opened, that is what is said
  const followed = startRun<History<A>, Progress<A>>(async ({ report, stopping }) => {
    try {
      const log = await Log.open(folder, every);
      try {
        let next = await first;
        while (!next.done) {
          await log.write(next.value);
          await report(next.value);
          if (stopping()) break;
          next = await reports.next();
        }
      } finally {
        await log.close();
      }
    } finally {
      await stopRun();
    }
    return await run;
  });
  const stop = () => {
    void stopRun();
    return followed.stop();
  };
  return { ...followed, stop };
}

/** The files of one run. */
class Log {
  readonly #folder: string;
  readonly #every: number;
  readonly #train: EventFile;
  #validation: EventFile | undefined;
  /** The first update that this run makes. */
  #first: number | undefined;
  /** The update from which on the next point is due. */
  #due = 0;

  private constructor(folder: string, every: number, train: EventFile) {
    this.#folder = folder;
    this.#every = every;
    this.#train = train;
  }

  static async open(folder: string, every: number): Promise<Log> {
    return new Log(folder, every, await EventFile.create(join(folder, 'train')));
  }

  async write(progress: Progress<AnyAccuracy>): Promise<void> {
    const { update, gradientNorm, ended } = progress;
    const time = Date.now() / 1000;
    if (this.#first === undefined) {
      this.#first = gradientNorm === undefined ? update + 1 : update;
      this.#train.add(startEvent({ time, step: this.#first }));
    }
    if (gradientNorm !== undefined && update >= this.#due) {
      this.#due = update + this.#every;
      this.#train.add(scalarsEvent({ time, step: update, values: measuresOf(progress) }));
    }
    if (ended) await this.#writeEpoch(ended, time, update);
    else await this.#train.settle();
  }

  async close(): Promise<void> {
    await this.#train.close();
    await this.#validation?.close();
  }

  async #writeEpoch(
    { epoch: _, validation, ...measures }: EpochRecord<AnyAccuracy>,
    time: number,
    step: number,
  ): Promise<void> {
    this.#train.add(scalarsEvent({ time, step, values: named('epoch', measures) }));
    await this.#train.flush();
    if (!validation) return;
    if (!this.#validation) {
      this.#validation = await EventFile.create(join(this.#folder, 'validation'));
      this.#validation.add(startEvent({ time, step: this.#first ?? step }));
    }
    this.#validation.add(scalarsEvent({ time, step, values: named('epoch', { ...validation }) }));
    await this.#validation.flush();
  }
}

/** Of one update. */
function measuresOf({
  loss,
  gradientNorm,
  learningRate,
  examplesPerSecond,
}: Progress<AnyAccuracy>): Record<string, number> {
  return named('update', { loss, gradientNorm, learningRate, examplesPerSecond });
}

/** TensorBoard groups tags by what stands before the stroke. What is no number (a share of no answers) has no point. */
function named(group: string, measures: Readonly<Record<string, unknown>>): Record<string, number> {
  const numbers = Object.entries(measures).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  return Object.fromEntries(numbers.map(([name, value]) => [`${group}/${name}`, value]));
}
