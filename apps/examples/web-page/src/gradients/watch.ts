// Looks into the network now and then while it learns: one look at a time, the latest wish first.
import type { Anatomy } from 'unrolled';
import type { AskNorms } from './ask-worker.ts';

/** Gradient norms at one moment of a training. */
export interface Look {
  /** Updates when the look was asked for; while the training runs, the weights may be a few steps older than that or newer. */
  readonly update: number;
  /** Norms by lag. */
  readonly norms: readonly number[];
}

/** Steps between two looks while it learns. */
const every = 20;

/** Looks of one training. */
export interface Watch {
  /** Hears of a step that was made, and looks at the first and every 20 steps. */
  readonly step: (update: number) => void;
  /** Wishes for a look; resolves when it has been shown. */
  readonly look: (update: number) => Promise<void>;
  /** What still comes is of no interest. */
  readonly end: () => void;
}

/** @param failed - told what went wrong, unless the watch has ended. */
export function createWatch(
  anatomy: () => Promise<Anatomy>,
  ask: AskNorms,
  show: (look: Look) => void,
  failed: (error: unknown) => void,
): Watch {
  let wish: number | undefined;
  let busy: Promise<void> = Promise.resolve();
  let due = 1;
  let ended = false;

  const work = async (): Promise<void> => {
    const update = wish;
    wish = undefined;
    if (update === undefined || ended) return;
    const norms = await ask(await anatomy());
    if (!ended) show({ update, norms });
  };
  const look = (update: number): Promise<void> => {
    const idle = wish === undefined;
    wish = update;
    // One that is waited for takes the latest wish.
    if (idle)
      busy = busy.then(work).catch((error) => {
        if (!ended) failed(error);
      });
    return busy;
  };
  return {
    look,
    step: (update) => {
      if (update < due) return;
      due = update + every;
      void look(update);
    },
    end: () => {
      ended = true;
    },
  };
}
