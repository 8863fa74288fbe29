// The networks that examples are compared with are the same networks: with our weights they give our losses, answers and texts.
import type { Evaluation, Examples } from '@unrolled/core';
import type { TrainedNetwork } from '@unrolled/examples';
import { expect, test } from 'vitest';
import { exampleNames } from '../src/arguments.ts';
import { describeAll, runScript } from '../src/examples/compare.ts';
import { weightsGiven } from '../src/examples/describe.ts';
import { comparedExamples } from '../src/examples/list.ts';
import { trainOurs } from '../src/examples/train-ours.ts';

/** Measures of the test part, whatever the task. */
async function evaluate({ pipeline, test: examples }: TrainedNetwork): Promise<Pick<Evaluation, 'loss' | 'accuracy'>> {
  const measure = pipeline.evaluate as (examples: Examples) => Promise<Pick<Evaluation, 'loss' | 'accuracy'>>;
  return measure(examples);
}

test.each(exampleNames)('PyTorch computes what %s computes', async (name) => {
  const { titles, kind } = comparedExamples[name];
  const seen: string[] = [];
  await trainOurs({ name, titles }, { seed: 3, epochs: 1, limit: 60 }, async (network) => {
    seen.push(network.title);
    const { training, ...given } = await describeAll(kind, network);
    const { parameters } = await network.pipeline.anatomy();
    const answer = await runScript(kind.script, {
      ...given,
      weights: weightsGiven(parameters),
      training: { ...training, epochs: 0 },
    });
    const { loss, accuracy } = await evaluate(network);
    expect(Math.abs(answer.loss - loss)).toBeLessThan(1e-5);
    expect(answer.accuracy).toBeCloseTo(accuracy, 3); // answers that are nearly as likely may change places
    expect(await kind.theirs(answer, network)).toEqual(await kind.ours(network));
  });
  expect(seen).toEqual(titles);
});
