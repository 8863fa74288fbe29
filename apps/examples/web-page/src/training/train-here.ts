// The page's training on the caller's own thread, from start to end: what the page's numbers are compared with.
import type { Example } from 'unrolled';
import { normsByLag } from '../gradients/norms-by-lag.ts';
import { sentence } from '../gradients/sentence.ts';
import { type Numbers, NumbersKept } from './numbers.ts';
import { pageRegistry } from './registry.ts';
import { takeEvenly } from './reviews.ts';
import type { Settings } from './settings.ts';
import { createTrainer } from './trainer.ts';

/** How it is done; none of it changes a number. */
export interface TrainHere {
  /** Threads to compute on. */
  readonly threads?: number;
  /** Stops after that many updates. */
  readonly until?: number;
  /** Pauses and goes on after each of these numbers of updates. */
  readonly pauses?: readonly number[];
}

/** The numbers of a training on `settings.reviews` of `all`. @throws UnrolledError see `Pipeline.fit` */
export async function trainHere(
  settings: Settings,
  all: readonly Example[],
  { threads = 1, until, pauses = [] }: TrainHere = {},
): Promise<Numbers> {
  const kept = new NumbersKept();
  let failure: unknown;
  let resting = 'ready';
  const open = async () => ({ pipeline: pageRegistry.pipeline, close: async () => {} });
  const trainer = createTrainer(open, threads, {
    phase: (phase) => {
      resting = phase;
    },
    step: (progress) => {
      kept.add(progress);
      if (progress.update === until) trainer.stop();
      else if (pauses.includes(progress.update)) trainer.pause();
    },
    failed: (error) => {
      failure = error;
    },
  });
  await trainer.start(settings, async () => takeEvenly(all, settings.reviews));
  while (resting === 'paused') await trainer.resume();
  if (resting === 'failed') throw failure;
  const anatomy = await trainer.anatomy();
  const gradients = normsByLag(anatomy, await anatomy.batch(sentence.text, sentence.label));
  return { settings, steps: kept.steps, epochs: kept.epochs, gradients, weights: await trainer.weights() };
}
