// Reports that wait to be asked for: the latest alone stays, and every report that ends an epoch.
import type { Progress } from '../pipeline/progress.ts';

/** Reports in order. */
export interface Reports {
  /** Adds the latest; one that nobody asked for in time, and that ended no epoch, gives way to it. */
  readonly add: (progress: Progress) => void;
  /** The next one; waits for it. Undefined once it is over and nothing is left. */
  readonly next: () => Promise<Progress | undefined>;
  /** Takes what is left. */
  readonly rest: () => Progress[];
  /** Nothing comes any more. */
  readonly end: () => void;
}

/** None yet. @param ask - called when somebody begins to wait. */
export function createReports(ask: () => void = () => {}): Reports {
  const queue: Progress[] = [];
  const sleepers: (() => void)[] = [];
  let over = false;
  const wake = (): void => {
    for (const sleeper of sleepers.splice(0)) sleeper();
  };
  return {
    add: (progress) => {
      const last = queue.at(-1);
      if (last && !last.ended) queue.pop();
      queue.push(progress);
      wake();
    },
    next: async () => {
      while (queue.length === 0 && !over)
        await new Promise<void>((resolve) => {
          sleepers.push(resolve);
          ask();
        });
      return queue.shift();
    },
    rest: () => queue.splice(0),
    end: () => {
      over = true;
      wake();
    },
  };
}
