// `npm start`: vanilla and LSTM on the training reviews, two baselines, gradients by lag, a saved model.
import { join } from 'node:path';
import type { Example, History, Pipeline } from '@unrolled/core';
import { movieReviewsHeldout, movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { logisticRegression, majority } from './baselines.ts';
import { type Measures, measureBaseline } from './measure.ts';
import { backend, labels, registry } from './pieces.ts';
import { type Reach, reachOf } from './reach.ts';
import { percent, showMeasures, showReach } from './show.ts';
import { train } from './train.ts';

const epochs = 3;
const seed = 1;
const lags = [1, 10, 20];
const sentencesLookedInto = 20;
const sentence = 'An instant classic: funny, moving, and beautifully acted.';

type Label = (typeof labels)[number];
type CellName = 'vanilla' | 'lstm';

/** Runs it all. */
export async function quick(): Promise<void> {
  const started = performance.now();
  const [all, heldout] = await Promise.all([movieReviewsTrain(), movieReviewsHeldout()]);
  console.log(
    `Movie reviews (Pang and Lee): ${all.length} to learn from, ${heldout.length} held out. The networks keep a tenth of those to learn from apart, to choose the epoch by; \`npm run reviews\` takes three seeds and then learns from all.\n`,
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
    const pipeline = pipelineOf(cell);
    const history = await train(cell, pipeline, all, {
      epochs,
      seed,
      batchSize: 32,
      validation: 0.1,
      earlyStopping: { patience: epochs },
    });
    measures.push(await measureNetwork(cell, pipeline, heldout, history));
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
    backend,
  });
}

async function measureNetwork(
  cell: CellName,
  pipeline: Pipeline<Label>,
  heldout: readonly Example[],
  { seconds, restoredEpoch }: History,
): Promise<Measures> {
  const { accuracy, macro } = await pipeline.evaluate(heldout);
  const name = `${cell} (64 units, mean pooling, epoch ${restoredEpoch ?? epochs} by validation)`;
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
