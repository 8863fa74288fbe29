// Chooses the number of epochs on a tenth of the training reviews, kept apart, then learns from all of them for that many.
import type { Example, Pipeline } from 'unrolled';
import type { Label } from './labels.ts';
import { train } from './train.ts';

/** A pipeline that has learnt from all training reviews. */
export interface Learnt {
  readonly pipeline: Pipeline<Label>;
  /** How often it saw each review. */
  readonly epochs: number;
  /** What the choice and the learning took. */
  readonly seconds: number;
}

const mostEpochs = 8;
const batchSize = 32;

/** The held-out reviews have no part in it. `create` is called twice, since the choice begins with other weights. */
export async function learn(
  name: string,
  create: () => Pipeline<Label>,
  reviews: readonly Example[],
  seed: number,
): Promise<Learnt> {
  const chooser = create();
  const choice = await train(`${name}, nine tenths`, chooser, reviews, {
    epochs: mostEpochs,
    seed,
    batchSize,
    validation: 0.1,
    earlyStopping: { monitor: 'loss', patience: 1 },
  });
  chooser.dispose();
  const epochs = choice.restoredEpoch ?? mostEpochs;
  const pipeline = create();
  const { seconds } = await train(`${name}, all reviews`, pipeline, reviews, { epochs, seed, batchSize });
  return { pipeline, epochs, seconds: choice.seconds + seconds };
}
