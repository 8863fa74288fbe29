// The shipped examples beside the same networks trained the same way in PyTorch: how good and how fast, over seeds.
import { counted } from '@unrolled/core';
import { compareExample } from '../examples/compare.ts';
import type { Outcome, Pair } from '../examples/compared.ts';
import { comparedExamples } from '../examples/list.ts';
import { quantile } from '../statistics.ts';
import { type Table, textOf } from '../table.ts';
import { meanAndEach } from './mean-and-each.ts';
import type { Part } from './part.ts';

/** What came of a network, a training of each side for each seed. */
interface Found {
  readonly name: string;
  readonly title: string;
  readonly ours: readonly Outcome[];
  readonly theirs: readonly Outcome[];
}

/** Each example with each seed, both sides in turn. */
export const examples: Part = async ({ without, examples: names, epochs, seeds }, show) => {
  if (without.includes('pytorch')) throw new Error('this part compares with PyTorch, which --without leaves out');
  const all: Found[] = [];
  for (const name of names) {
    const example = comparedExamples[name];
    const pairs: Pair[] = [];
    for (let seed = 1; seed <= seeds; seed += 1) pairs.push(...(await compareExample(name, example, seed, epochs)));
    for (const title of example.titles) {
      const own = pairs.filter((pair) => pair.title === title);
      const found = { name, title, ours: own.map(({ ours }) => ours), theirs: own.map(({ theirs }) => theirs) };
      show(tableOf(found));
      all.push(found);
    }
  }
  return all;
};

function tableOf({ name, title, ours, theirs }: Found): Table {
  const measures = Object.keys(ours[0]?.quality ?? {});
  const median = (outcomes: readonly Outcome[], of: 'seconds' | 'processor'): number | undefined => {
    const all = outcomes.flatMap((outcome) => outcome[of]);
    return all.length === 0 ? undefined : quantile(all, 0.5); // processor time of single epochs
  };
  const ratio = (a?: number, b?: number) => (a === undefined || b === undefined ? undefined : a / b);
  const row = (side: string, outcomes: readonly Outcome[]) => [
    side,
    ...measures.flatMap((measure) => meanAndEach(outcomes.map(({ quality }) => quality[measure] as number))),
    outcomes.map(({ seconds }) => seconds.length).join(' '),
    textOf(median(outcomes, 'seconds')),
    ratio(median(outcomes, 'seconds'), median(theirs, 'seconds')),
    textOf(median(outcomes, 'processor')),
    ratio(median(outcomes, 'processor'), median(theirs, 'processor')),
  ];
  return {
    title: `The example ${name}, ${title}: ${counted(ours.length, 'seed')}`,
    columns: [
      '',
      ...measures.flatMap((measure) => [`${measure}, mean ± deviation`, 'each']),
      'epochs',
      'epoch, s',
      '÷ PyTorch',
      'cpu, s',
      '÷ PyTorch',
    ],
    rows: [row('Unrolled', ours), row('PyTorch', theirs)],
    notes: ['seconds are medians of epochs over all trainings, of processors without each first; PyTorch waits asleep'],
  };
}
