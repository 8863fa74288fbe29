// The flags that say how data are read, the same for every command, and the choice of one split.
import { type Example, type Learns, nearest, UnrolledError, type Vectorizer } from '@unrolled/core';
import type { Context } from './context.ts';
import type { Flag } from './flags/flag.ts';
import { ENCODINGS } from './read/decode.ts';
import { DELIMITERS } from './read/delimiter.ts';
import { INPUT_FORMATS, type ReadOptions, readExamples } from './read/examples.ts';
import { count, counted } from './show/number.ts';
import { usageError } from './usage.ts';

/** Flags of every command that reads data. */
export const DATA_FLAGS: readonly Flag[] = [
  { name: 'text-column', value: 'NAME', description: 'column (or JSON key) of the texts; default text' },
  { name: 'label-column', value: 'NAME', description: 'column of the labels; default label' },
  { name: 'target-column', value: 'NAME', description: 'column of the texts to be generated; default target' },
  { name: 'number-column', value: 'NAME', description: 'column of the numbers to be learned; default number' },
  { name: 'split-column', value: 'NAME', description: 'column of the splits; default split, where there is one' },
  { name: 'split', value: 'NAME', description: 'use only the rows of this split' },
  { name: 'columns', value: 'LIST', description: 'names of the columns of a file without a header: label,text' },
  { name: 'delimiter', value: 'CHARACTER', description: 'comma, semicolon, tab or a character; detected if left out' },
  {
    name: 'quotes',
    value: 'auto|strict|none',
    description: 'how quotes are read; auto is strict (RFC 4180) except in tab-separated files',
  },
  { name: 'encoding', value: ENCODINGS.join('|'), description: 'default utf-8, or what a byte-order mark says' },
  { name: 'input-format', value: INPUT_FORMATS.join('|'), description: 'where the ending of the file does not say it' },
];

/** What is read of data. */
export interface Wanted {
  /** What is learned of each example; its label where left out. */
  readonly learns?: Learns;
  /** Whether a plain text file is one example. */
  readonly whole?: boolean;
  /** What the vectorizer reads, where that is known. */
  readonly reads?: Vectorizer['reads'];
}

/** How the flags say that data are to be read. @throws UnrolledError `FLAG_INVALID` */
export function readOptions({ values, output }: Context, labelled: boolean, wanted: Wanted = {}): ReadOptions {
  return {
    labelled,
    ...wanted,
    format: values.choice('input-format', INPUT_FORMATS),
    encoding: values.choice('encoding', ENCODINGS),
    delimiter: delimiterOf(values.text('delimiter')),
    quotes: values.choice('quotes', ['auto', 'strict', 'none']),
    columns: values.text('columns')?.split(','),
    names: {
      text: values.text('text-column'),
      label: values.text('label-column'),
      target: values.text('target-column'),
      number: values.text('number-column'),
      split: values.text('split-column'),
    },
    note: (sentence) => output.note(sentence),
  };
}

function delimiterOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const named = (DELIMITERS as Readonly<Record<string, string>>)[text] ?? (text === '\\t' ? '\t' : text);
  if (named.length === 1 && !/["\r\n]/.test(named)) return named;
  throw usageError(
    'FLAG_INVALID',
    `--delimiter must be comma, semicolon, tab or one character, but ${JSON.stringify(text)} was given.`,
    'Correct it, or leave it out: it is found by itself.',
  );
}

/** The splits that are read, and the flag that asks for them where one does. */
export interface Splits {
  readonly names: readonly string[];
  /** Data without splits are taken whole unless a flag asks for one. */
  readonly flag?: 'split' | 'validation';
}

/** What training data are called where data have splits. */
export const TRAINING_SPLITS: readonly string[] = ['train', 'training'];

/** What --split asks for, else the splits of these names, where the data have any. */
export function splitsOf({ values }: Context, names: readonly string[]): Splits {
  const split = values.text('split');
  return split === undefined ? { names } : { names: [split], flag: 'split' };
}

/**
 * The labelled examples of `path`: those of the named splits, or all. Data without splits are taken whole, unless a flag
 * asks for one. What is left out is counted and said.
 * @throws UnrolledError `SPLIT_MISSING` where no example is in those splits, and what reading throws
 */
export async function* labelledExamples(
  path: string,
  splits: Splits | undefined,
  context: Context,
  wanted: Wanted = {},
): AsyncGenerator<Example, void, void> {
  const { output, io } = context;
  const counts = new Map<string, number>();
  let used = 0;
  for await (const example of readExamples(path, readOptions(context, true, wanted), io)) {
    checkKind(example, path, wanted);
    const { split } = example;
    if (splits?.flag && split === undefined) throw noSplits(path, splits);
    if (split !== undefined) counts.set(split, (counts.get(split) ?? 0) + 1);
    if (splits && split !== undefined && !splits.names.includes(split)) continue;
    used++;
    yield example;
  }
  if (!splits || counts.size === 0) return;
  if (used === 0) throw splitMissing(path, splits, counts);
  const shown = [...counts].map(([name, examples]) => `${name} ${count(examples)}`).join(', ');
  const taken = splits.names.filter((split) => counts.has(split)).join(' and ');
  output.note(`${path}: ${counted(used, 'example')} of split ${taken} (${shown})`);
}

/** Says which flag reads examples that are of another kind. @throws UnrolledError `EXAMPLE_INVALID` */
function checkKind({ text, tokens, values, origin = '' }: Example, path: string, { learns, reads }: Wanted): void {
  if (tokens !== undefined && learns !== 'labels')
    throw new UnrolledError(
      'EXAMPLE_INVALID',
      `${path} has a label for each token, which is not what is learned here.`,
      {
        mend: 'Train with --task many-to-many on it.',
      },
    );
  if (values !== undefined && text === undefined && reads === 'tokens')
    throw new UnrolledError('EXAMPLE_INVALID', `${origin} has rows of numbers, "values", and no text.`, {
      mend: 'Add --vectorizer numeric, which reads them.',
    });
}

function splitMissing(
  path: string,
  { names, flag = 'split' }: Splits,
  counts: ReadonlyMap<string, number>,
): UnrolledError {
  const found = [...counts].map(([name, examples]) => `${JSON.stringify(name)} (${count(examples)})`).join(', ');
  const near = names.length === 1 ? nearest(names[0] as string, [...counts.keys()]) : undefined;
  const mend = near === undefined ? `Say which one to use with --${flag} NAME.` : `Did you mean --${flag} ${near}?`;
  return new UnrolledError('SPLIT_MISSING', `${path} has no rows of split ${names.join(' or ')}; it has ${found}.`, {
    mend,
    data: { wanted: names, found: Object.fromEntries(counts) },
  });
}

function noSplits(path: string, { names: [asked], flag }: Splits): UnrolledError {
  const mend =
    flag === 'validation'
      ? 'Give a share, as --validation 0.1, a file that is there, or name the column that holds splits with --split-column.'
      : 'Name the column that holds them with --split-column, or leave --split out.';
  return new UnrolledError('SPLIT_MISSING', `${path} has no splits, so none is called ${JSON.stringify(asked)}.`, {
    mend,
  });
}
