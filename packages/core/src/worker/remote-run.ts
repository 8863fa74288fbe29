// A run whose steps are made in a worker: the same promise and loops; a loop that is slow gets the latest report.
import type { History, Progress, StopReason } from '../pipeline/progress.ts';
import { createRun, type Run } from '../pipeline/run.ts';
import { createReports, type Reports } from './reports.ts';

/** The run in the worker. */
export interface RunThere {
  /** Its history, once the last reports have been handed to `add`. */
  readonly end: (add: (progress: Progress) => void) => Promise<History>;
  /** Asks for the next report. */
  readonly report: () => Promise<Progress | undefined>;
  /** Asks it to stop. */
  readonly stop: (reason: StopReason) => void;
}

/** Follows a run that has begun. @param signal - stops it. */
export function followRun({ end, report, stop }: RunThere, signal: AbortSignal | undefined): Run {
  const loops = new Set<Reports>();
  let asking = false;
  let over = false;
  const add = (progress: Progress): void => {
    for (const loop of loops) loop.add(progress);
  };
  const ask = async (): Promise<void> => {
    if (asking || over) return;
    asking = true;
    const progress = await report().catch(() => undefined); // the run itself says what went wrong
    asking = false;
    if (progress) add(progress);
  };
  const abort = (): void => stop('aborted');
  signal?.addEventListener('abort', abort);
  const finished = end(add).finally(() => {
    over = true;
    signal?.removeEventListener('abort', abort);
    for (const loop of loops) loop.end();
  });
  return createRun({
    finished,
    open: () => {
      const loop = createReports(ask);
      loops.add(loop);
      if (over) loop.end();
      return { next: loop.next, leave: () => loops.delete(loop) };
    },
    stop: () => {
      if (!over) stop('left');
    },
    release: () => {}, // the worker goes at its own pace
  });
}
