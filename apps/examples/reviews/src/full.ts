// `npm run reviews`: the shipped default on all training reviews, three seeds, epochs chosen on a validation slice.

import { movieReviewsHeldout, movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { createPipeline, defaultManifest } from 'unrolled';
import { logisticRegression, majority } from './baselines.ts';
import { type Measures, measureBaseline } from './measure.ts';
import { backend, labels, registry } from './pieces.ts';
import { percent, showMeasures } from './show.ts';
import { train } from './train.ts';

const seeds = [1, 2, 3];
const epochs = 8;

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
    const pipeline = createPipeline<(typeof labels)[number]>(
      registry.resolve({ ...defaultManifest, target: { labels }, backend }),
    );
    const { seconds, restoredEpoch } = await train(`seed ${seed}`, pipeline, all, {
      epochs,
      seed,
      batchSize: 32,
      validation: 0.1,
      earlyStopping: { monitor: 'accuracy', patience: 2 },
    });
    const { accuracy, macro } = await pipeline.evaluate(heldout);
    accuracies.push(accuracy);
    console.log(
      `seed ${seed}: ${percent(accuracy)} of the held-out reviews right, with the weights of epoch ${restoredEpoch ?? epochs}`,
    );
    measures.push({
      name: `shipped default, seed ${seed}, epoch ${restoredEpoch ?? epochs}`,
      accuracy,
      macroF1: macro.f1,
      seconds,
    });
    pipeline.dispose();
  }
  showMeasures(measures);
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  console.log(
    `\nMean held-out accuracy of the shipped default: ${percent(mean)} (${percent(Math.min(...accuracies))} to ${percent(Math.max(...accuracies))}).`,
  );
}
