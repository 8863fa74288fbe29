// data check: what to know about data before training: balance, lengths, duplicates, overlap, unknown words.
import { type Encoder, type Learns, type ResolvedPipeline, UnrolledError } from '@unrolled/core';
import { type Found, type Lengths, type Part, PartCounter } from '../check/parts.ts';
import type { Command, Context } from '../context.ts';
import { DATA_FLAGS, readOptions } from '../data.ts';
import { EXIT } from '../io.ts';
import type { Output } from '../output.ts';
import { readExamples } from '../read/examples.ts';
import { resolveFromFlags } from '../resolve.ts';
import { block, drawBars } from '../show/histogram.ts';
import { count, counted, percent } from '../show/number.ts';
import { drawFacts } from '../show/report.ts';
import { table } from '../show/table.ts';

/** The command. */
export const dataCheck: Command = {
  name: 'data check',
  summary: 'look at data before training: balance, lengths, duplicates, overlap, unknown words',
  usage: 'DATA [HELDOUT]',
  examples: [
    ['data check reviews.tsv', 'every split of a file'],
    ['data check train.csv test.csv', 'two files, the first to train on'],
    ['data check reviews.tsv --minimum-count 1', 'with another vocabulary'],
  ],
  flags: [{ title: 'Data', flags: DATA_FLAGS }],
  shapesManifest: true,
  arguments: [1, 2],
  run: async (context) => {
    const report = await checkData(context);
    if (context.output.json) await context.output.print(JSON.stringify(report));
    else await context.output.print(draw(report, context.output));
    return report.problems.length > 0 ? EXIT.error : EXIT.done;
  },
};

interface Report {
  readonly tokenizer: string;
  readonly vectorizer: string;
  /** The training part first. */
  readonly parts: readonly Part[];
  /** The vectorizer's own facts about the training part. */
  readonly vocabulary: Readonly<Record<string, number>>;
  /** What training would refuse. */
  readonly problems: readonly string[];
  /** What makes results worse, or measures too good. */
  readonly warnings: readonly string[];
}

async function checkData(context: Context): Promise<Report> {
  const resolved = resolveFromFlags(context);
  if (resolved.learns !== 'label') throw notAvailable(`this task learns ${LEARNED[resolved.learns]}`);
  const counters = await countParts(resolved, context);
  const training = counters[0] as PartCounter;
  const encoder = fitEncoder(resolved, training);
  const parts = counters.map((counter) => counter.finish(training, encoder));
  return {
    tokenizer: resolved.tokenizer?.plugin.name ?? 'none',
    vectorizer: resolved.vectorizer.plugin.name,
    parts,
    vocabulary: encoder?.report() ?? {},
    problems: parts.flatMap((part, i) => problemsOf(part, i === 0)),
    warnings: parts.flatMap(warningsOf),
  };
}

const LEARNED = {
  labels: 'a label for each token',
  next: 'the next token',
  sequence: 'a text for each text',
  number: 'numbers',
} as const satisfies Readonly<Record<Exclude<Learns, 'label'>, string>>;

function notAvailable(why: string): UnrolledError {
  return new UnrolledError('NOT_AVAILABLE', `data check looks at texts with one label each, but ${why}.`, {
    mend: 'Give it a table with a column of labels, without --task; training refuses what it can not learn from, with its line.',
  });
}

/** Counters by part, the training part first: the split `train` (or --split), else the first file. */
async function countParts(resolved: ResolvedPipeline, context: Context): Promise<readonly PartCounter[]> {
  const { positionals, values, io } = context;
  const tokenizer = resolved.tokenizer?.plugin.create(resolved.tokenizer.options);
  if (!tokenizer)
    throw new UnrolledError('MANIFEST_MISFIT', 'data check reads texts, but the manifest has no tokenizer.', {
      mend: 'Add --tokenizer words.',
    });
  const counters = new Map<string, PartCounter>();
  for (const path of positionals)
    for await (const example of readExamples(path, readOptions(context, true), io)) {
      if (example.tokens) throw notAvailable(`${path} has one for each token`);
      const name = positionals.length > 1 ? path : (example.split ?? path);
      const counter = counters.get(name) ?? new PartCounter(name, tokenizer);
      counters.set(name, counter);
      counter.add(example);
    }
  const wanted = positionals.length > 1 ? positionals[0] : (values.text('split') ?? 'train');
  const parts = [...counters.values()];
  if (parts.length === 0)
    throw new UnrolledError('DATA_EMPTY', `${positionals[0]} has no examples.`, {
      mend: 'At least one row is needed.',
    });
  return parts.sort((a, b) => Number(b.name === wanted) - Number(a.name === wanted));
}

function fitEncoder({ vectorizer }: ResolvedPipeline, training: PartCounter): Encoder | undefined {
  if (vectorizer.plugin.reads !== 'tokens') return undefined;
  const fitter = vectorizer.plugin.fit(vectorizer.options);
  for (const tokens of training.tokens) fitter.add(tokens);
  return fitter.build();
}

function problemsOf(part: Part, training: boolean): readonly string[] {
  const { name, empty, unseenLabels } = part;
  const labels = Object.keys(part.labels);
  return [
    ...say(name, empty, 'text is empty', 'texts are empty'),
    ...(training && labels.length === 1 ? [`${name}: every example has the label ${labels[0]}`] : []),
    ...unseenLabels.map((label) => `${name}: the label ${label} does not occur in the training part`),
  ];
}

function warningsOf(part: Part): readonly string[] {
  const { name, duplicates, conflicts, overlap, withoutTokens } = part;
  return [
    ...say(name, overlap, 'text is in the training part as well', 'texts are in the training part as well'),
    ...say(name, conflicts, 'text has more than one label', 'texts have more than one label'),
    ...say(name, duplicates, 'text is a repetition', 'texts are repetitions'),
    ...say(name, withoutTokens, 'text has no token', 'texts have no token'),
    ...similarLabels(part),
  ];
}

/** Labels that differ only in case or white space are most likely meant to be one. */
function similarLabels({ name, labels }: Part): readonly string[] {
  const byFold = new Map<string, string[]>();
  for (const label of Object.keys(labels)) {
    const fold = label.trim().toLowerCase();
    byFold.set(fold, [...(byFold.get(fold) ?? []), label]);
  }
  return [...byFold.values()]
    .filter((same) => same.length > 1)
    .map(
      (same) => `${name}: the labels ${same.map((label) => JSON.stringify(label)).join(' and ')} are nearly the same`,
    );
}

/** A sentence with the first places, or none where nothing was found. */
function say(name: string, found: Found | undefined, one: string, many: string): readonly string[] {
  if (!found || found.count === 0) return [];
  const places = `${found.first.join('; ')}${found.count > found.first.length ? '; …' : ''}`;
  return [`${name}: ${count(found.count)} ${found.count === 1 ? one : many} (${places})`];
}

function draw(report: Report, output: Output): string {
  const { parts, vocabulary, problems, warnings } = report;
  const bold = (text: string) => output.style('bold', text);
  const blocks = [
    ...parts.map((part) => `${bold(part.name)}: ${counted(part.examples, 'example')}\n${drawLabels(part)}`),
    `${bold('lengths')} in tokens of ${report.tokenizer}\n${drawLengths(parts)}`,
    drawBars((parts[0] as Part).lengths.bars, 40, 2),
    `${bold('vocabulary')} of ${report.vectorizer}: ${drawFacts(vocabulary)}\n${drawUnknown(parts)}`,
    [
      ...problems.map((problem) => `${output.style('red', 'problem:')} ${problem}`),
      ...warnings.map((warning) => `${output.style('yellow', 'warning:')} ${warning}`),
    ].join('\n'),
    ...(problems.length + warnings.length === 0 ? ['No problems found: no empty text, no duplicate, no overlap.'] : []),
  ];
  return blocks.filter(Boolean).join('\n\n');
}

function drawLabels({ labels, examples }: Part): string {
  const rows = Object.entries(labels).map(([label, number]) => {
    const share = number / examples;
    return [label, count(number), percent(share), block(share * 40)];
  });
  return table(rows, { right: [1, 2], indent: 2 });
}

function drawLengths(parts: readonly Part[]): string {
  const columns: readonly (readonly [string, (lengths: Lengths) => string])[] = [
    ['mean', ({ mean }) => mean.toFixed(1)],
    ['min', ({ minimum }) => count(minimum)],
    ['25%', ({ quarter }) => count(quarter)],
    ['50%', ({ median }) => count(median)],
    ['75%', ({ threeQuarters }) => count(threeQuarters)],
    ['95%', ({ percentile95 }) => count(percentile95)],
    ['99%', ({ percentile99 }) => count(percentile99)],
    ['max', ({ maximum }) => count(maximum)],
  ];
  const header = ['', ...columns.map(([title]) => title)];
  const rows = parts.map(({ name, lengths }) => [name, ...columns.map(([, show]) => show(lengths))]);
  return table([header, ...rows], { right: columns.map((_, i) => i + 1), indent: 2 });
}

function drawUnknown(parts: readonly Part[]): string {
  const rows = parts.flatMap(({ name, unknown }) =>
    unknown ? [[name, `${percent(unknown.rate)} of ${counted(unknown.tokens, 'token')} unknown`]] : [],
  );
  return table(rows, { indent: 2 });
}
