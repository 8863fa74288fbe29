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

/** Looks of one training. */
export interface Watch {
  /** Wishes for a look; resolves when none is under way and none is wished for. */
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
  let busy: Promise<void> | undefined;
  let ended = false;

  const work = async (): Promise<void> => {
    while (wish !== undefined && !ended) {
      const update = wish;
      wish = undefined;
      const norms = await ask(await anatomy());
      if (!ended) show({ update, norms });
    }
  };
  return {
    look: (update) => {
      wish = update;
      busy ??= work()
        .catch((error) => {
          if (!ended) failed(error);
        })
        .finally(() => {
          busy = undefined;
        });
      return busy;
    },
    end: () => {
      ended = true;
    },
  };
}
