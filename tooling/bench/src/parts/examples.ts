// The shipped examples beside the same networks trained the same way in PyTorch: how good and how fast, over seeds.
import { spreadOf } from '@unrolled/word-vectors';
import type { Outcome } from '../examples/compared.ts';
import { comparedExamples } from '../examples/list.ts';
import { quantile } from '../statistics.ts';
import { type Table, textOf } from '../table.ts';
import type { Part } from './part.ts';

const seeds = [1, 2, 3];

/** What came of an example, a training of each side for each seed. */
interface Found {
  readonly name: string;
  readonly measure: string;
  readonly ours: readonly Outcome[];
  readonly theirs: readonly Outcome[];
}

/** Each example with each seed, both sides in turn. */
export const examples: Part = async ({ without, examples: names, epochs }, show) => {
  if (without.includes('pytorch')) throw new Error('this part compares with PyTorch, which --without leaves out');
  const all: Readonly<Record<string, unknown>>[] = [];
  for (const name of names) {
    const example = comparedExamples[name];
    const ours: Outcome[] = [];
    const theirs: Outcome[] = [];
    for (const seed of seeds) {
      const pair = await example.train(seed, epochs);
      ours.push(pair.ours);
      theirs.push(pair.theirs);
    }
    show(tableOf({ ...example, ours, theirs }));
    all.push({ name, ours, theirs });
  }
  return all;
};

function tableOf({ name, measure, ours, theirs }: Found): Table {
  const epochs = (outcomes: readonly Outcome[]) =>
    quantile(
      outcomes.flatMap(({ seconds }) => seconds),
      0.5,
    );
  const work = (outcomes: readonly Outcome[]) =>
    quantile(
      outcomes.flatMap(({ processor }) => processor),
      0.5,
    );
  const row = (side: string, outcomes: readonly Outcome[]) => {
    const { mean, deviation } = spreadOf(outcomes.map(({ quality }) => quality));
    return [
      side,
      `${mean.toFixed(4)} ± ${deviation.toFixed(4)}`,
      outcomes.map(({ quality }) => quality.toFixed(4)).join(' '),
      textOf(epochs(outcomes)),
      epochs(outcomes) / epochs(theirs),
      textOf(work(outcomes)),
    ];
  };
  return {
    title: `The example ${name}: ${seeds.length} seeds, ${ours[0]?.seconds.length} epochs each`,
    columns: ['', `${measure}, mean ± deviation`, 'each', 'epoch, s', '÷ PyTorch', 'cpu, s'],
    rows: [row('Unrolled', ours), row('PyTorch', theirs)],
    notes: ['epochs are medians over all trainings; PyTorch waits asleep'],
  };
}
