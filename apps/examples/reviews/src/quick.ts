// `npm start`: vanilla and LSTM on all training reviews, two baselines, gradients by lag, a saved model.
import { join } from 'node:path';
import type { Example, Pipeline } from '@unrolled/core';
import { movieReviewsHeldout, movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { registry } from 'unrolled';
import { logisticRegression, majority } from './baselines.ts';
import { type Label, labels } from './labels.ts';
import { type Learnt, learn } from './learn.ts';
import { type Measures, measureBaseline } from './measure.ts';
import { type Reach, reachOf } from './reach.ts';
import { percent, showMeasures, showReach } from './show.ts';

const seed = 1;
const lags = [1, 10, 20];
const sentencesLookedInto = 20;
const sentence = 'An instant classic: funny, moving, and beautifully acted.';

type CellName = 'vanilla' | 'lstm';

/** Runs it all. */
export async function quick(): Promise<void> {
  const started = performance.now();
  const [all, heldout] = await Promise.all([movieReviewsTrain(), movieReviewsHeldout()]);
  console.log(
    `Movie reviews (Pang and Lee): ${all.length} to learn from, ${heldout.length} held out. The number of epochs is chosen on a tenth of those to learn from; then each network learns from all of them.\n`,
  );
  const measures: Measures[] = [majority, logisticRegression].map((fit) => {
    const begun = performance.now();
    const baseline = fit(all);
    return measureBaseline(baseline, heldout, (performance.now() - begun) / 1000);
  });
  const reaches = new Map<CellName, Reach[]>();
  const long = await longSentences(heldout);
  let lstm: Pipeline<Label> | undefined;
  for (const cell of ['vanilla', 'lstm'] as const) {
    const learnt = await learn(cell, () => pipelineOf(cell), all, seed);
    const { pipeline } = learnt;
    measures.push(await measureNetwork(cell, learnt, heldout));
    reaches.set(cell, await reachOf(pipeline, long, lags));
    if (cell === 'lstm') lstm = pipeline;
    else pipeline.dispose();
  }
  showMeasures(measures);
  showReach(reaches, long.length);
  await saveAndUse(lstm as Pipeline<Label>);
  console.log(`\nAll in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

function pipelineOf(cell: CellName): Pipeline<Label> {
  return registry.pipeline({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 100, minimumCount: 2 } } },
    target: { labels },
    layers: [{ use: cell, with: { units: 64 }, dropout: { input: 0.5 } }],
    task: { use: 'many-to-one', with: { pool: 'mean', dropout: 0.5 } },
    optimizer: { use: 'adam', with: { learningRate: 0.001 }, clip: { norm: 1 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}

async function measureNetwork(
  cell: CellName,
  { pipeline, epochs, seconds }: Learnt,
  heldout: readonly Example[],
): Promise<Measures> {
  const { accuracy, macro } = await pipeline.evaluate(heldout);
  const name = `${cell} (64 units, mean pooling, ${epochs} epochs)`;
  return { name, accuracy, macroF1: macro.f1, seconds };
}

/** The first sentences that have more words than the longest lag. */
async function longSentences(heldout: readonly Example[]): Promise<Example[]> {
  const { wordsTokenizer } = await import('@unrolled/tokenizer-words');
  const { tokenize } = wordsTokenizer();
  const enough = Math.max(...lags) + 1;
  return heldout.filter(({ text = '' }) => tokenize(text).length >= enough).slice(0, sentencesLookedInto);
}

/** Saves the model, loads it back from disk and asks it about a sentence that is in no data set. */
async function saveAndUse(pipeline: Pipeline<Label>): Promise<void> {
  const folder = join('out', 'reviews-model');
  await pipeline.save(folder);
  pipeline.dispose();
  const model = await registry.load<Label>(folder);
  const { label, probability } = await model.predict(sentence);
  console.log(`\nSaved to ${folder}, loaded again: "${sentence}"\n→ ${label} (${percent(probability)})`);
  model.dispose();
}
