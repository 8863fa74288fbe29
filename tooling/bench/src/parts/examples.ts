// The shipped examples beside the same networks trained the same way in PyTorch: how good and how fast, over seeds.
import { counted } from '@unrolled/core';
import { compareExample } from '../examples/compare.ts';
import type { Outcome, Pair, Times } from '../examples/compared.ts';
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
  readonly spinning: readonly Times[];
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
      const found = {
        name,
        title,
        ours: own.map(({ ours }) => ours),
        theirs: own.map(({ theirs }) => theirs),
        spinning: own.flatMap(({ spinning = [] }) => spinning),
      };
      show(tableOf(found));
      all.push(found);
    }
  }
  return all;
};

function tableOf({ name, title, ours, theirs, spinning }: Found): Table {
  const measures = Object.keys(ours[0]?.quality ?? {});
  const qualities = (outcomes: readonly Outcome[]) =>
    measures.flatMap((measure) => meanAndEach(outcomes.map(({ quality }) => quality[measure] as number)));
  const row = (side: string, times: readonly Times[], outcomes: readonly Outcome[] = []) => [
    side,
    ...(outcomes.length > 0 ? qualities(outcomes) : measures.flatMap(() => ['', ''])),
    times.map(({ seconds }) => seconds.length).join(' '),
    ...(['seconds', 'processor'] as const).flatMap((of) => {
      const taken = median(times, of);
      const least = Math.min(...[theirs, spinning].map((each) => median(each, of) ?? Infinity));
      return [textOf(taken), taken === undefined || least === Infinity ? undefined : taken / least];
    }),
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
    rows: [
      row('Unrolled', ours, ours),
      row('PyTorch, waiting asleep', theirs, theirs),
      row('the same, spinning', spinning),
    ],
    notes: [
      'seconds are medians of epochs over all trainings, of processors without each first; ratios are to the less of PyTorch’s',
    ],
  };
}

function median(outcomes: readonly Times[], of: keyof Times): number | undefined {
  const all = outcomes.flatMap((outcome) => outcome[of]);
  return all.length === 0 ? undefined : quantile(all, 0.5);
}
