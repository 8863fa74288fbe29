// `npm run reviews`: the shipped default on all training reviews, three seeds. The number of epochs is chosen on a validation
// slice of the training split; then the network learns from the whole of it for that many.

import { movieReviewsHeldout, movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { createPipeline, defaultManifest, type Example, type Pipeline } from 'unrolled';
import { logisticRegression, majority } from './baselines.ts';
import { type Measures, measureBaseline } from './measure.ts';
import { backend, labels, registry } from './pieces.ts';
import { percent, showMeasures } from './show.ts';
import { train } from './train.ts';

const seeds = [1, 2, 3];
const mostEpochs = 8;
const batchSize = 32;

/** Runs it all. */
export async function full(): Promise<void> {
  const [all, heldout] = await Promise.all([movieReviewsTrain(), movieReviewsHeldout()]);
  console.log(
    `Movie reviews (Pang and Lee): ${all.length} to learn from, ${heldout.length} held out; ${seeds.length} seeds.\n`,
  );
  const measures: Measures[] = [majority, logisticRegression].map((fit) => {
    const begun = performance.now();
    const baseline = fit(all);
    return measureBaseline(baseline, heldout, (performance.now() - begun) / 1000);
  });
  const accuracies: number[] = [];
  for (const seed of seeds) {
    const chosen = await chooseEpochs(seed, all);
    const pipeline = defaultPipeline();
    const { seconds } = await train(`seed ${seed}, all reviews`, pipeline, all, {
      epochs: chosen.epochs,
      seed,
      batchSize,
    });
    const { accuracy, macro } = await pipeline.evaluate(heldout);
    accuracies.push(accuracy);
    console.log(`seed ${seed}: ${percent(accuracy)} of the held-out reviews right after ${chosen.epochs} epochs\n`);
    const name = `shipped default, seed ${seed}, ${chosen.epochs} epochs`;
    measures.push({ name, accuracy, macroF1: macro.f1, seconds: seconds + chosen.seconds });
    pipeline.dispose();
  }
  showMeasures(measures);
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  console.log(
    `\nMean held-out accuracy of the shipped default: ${percent(mean)} (${percent(Math.min(...accuracies))} to ${percent(Math.max(...accuracies))}).`,
  );
}

function defaultPipeline(): Pipeline<(typeof labels)[number]> {
  return createPipeline(registry.resolve({ ...defaultManifest, target: { labels }, backend }));
}

/** Holds a tenth of the training reviews back and takes the epoch after which it has the lowest loss. */
async function chooseEpochs(
  seed: number,
  all: readonly Example[],
): Promise<{ readonly epochs: number; readonly seconds: number }> {
  const pipeline = defaultPipeline();
  const { restoredEpoch, seconds } = await train(`seed ${seed}, nine tenths`, pipeline, all, {
    epochs: mostEpochs,
    seed,
    batchSize,
    validation: 0.1,
    earlyStopping: { monitor: 'loss', patience: 1 },
  });
  pipeline.dispose();
  return { epochs: restoredEpoch ?? mostEpochs, seconds };
}
