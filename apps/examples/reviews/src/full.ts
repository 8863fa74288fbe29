// `npm run reviews`: the shipped default on all training reviews, three seeds, beside the two baselines.
import { movieReviewsHeldout, movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { createPipeline, defaultManifest, type Pipeline, registry } from 'unrolled';
import { logisticRegression, majority } from './baselines.ts';
import { type Label, labels } from './labels.ts';
import { learn } from './learn.ts';
import { type Measures, measureBaseline } from './measure.ts';
import { percent, showMeasures } from './show.ts';

const seeds = [1, 2, 3];

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
    const { pipeline, epochs, seconds } = await learn(`seed ${seed}`, defaultPipeline, all, seed);
    const { accuracy, macro } = await pipeline.evaluate(heldout);
    accuracies.push(accuracy);
    console.log(`seed ${seed}: ${percent(accuracy)} of the held-out reviews right after ${epochs} epochs\n`);
    const name = `shipped default, seed ${seed}, ${epochs} epochs`;
    measures.push({ name, accuracy, macroF1: macro.f1, seconds });
    pipeline.dispose();
  }
  showMeasures(measures);
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  console.log(
    `\nMean held-out accuracy of the shipped default: ${percent(mean)} (${percent(Math.min(...accuracies))} to ${percent(Math.max(...accuracies))}).`,
  );
}

function defaultPipeline(): Pipeline<Label> {
  return createPipeline(registry.resolve({ ...defaultManifest, target: { labels } }));
}
