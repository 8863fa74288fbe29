// Opens data whatever its format: detects what it is, says so, and gives its examples one by one.
import { extname } from 'node:path';
import { type Example, type Learns, UnrolledError } from '@unrolled/core';
import type { Io } from '../io.ts';
import { kindOf, readBytes } from './bytes.ts';
import { type ColumnNames, type Columns, chooseColumns } from './columns.ts';
import { readConll } from './conll.ts';
import { decode, type Encoding } from './decode.ts';
import { type Row, readDelimited, rowError } from './delimited.ts';
import { DELIMITERS, detectDelimiter, type Quotes } from './delimiter.ts';
import { readFolder } from './folder.ts';
import { readJsonLines } from './jsonl.ts';
import { numberIn } from './number.ts';
import { lines, peek, unifyLineEnds, whole } from './text.ts';

/** Formats of data that is read. */
export const INPUT_FORMATS = ['csv', 'tsv', 'jsonl', 'lines', 'text', 'conll'] as const;

/** One of {@link INPUT_FORMATS}. */
export type InputFormat = (typeof INPUT_FORMATS)[number];

/** How data is to be read; what is left out is detected. */
export interface ReadOptions {
  /** Whether each example needs what is to be learned of it. */
  readonly labelled: boolean;
  /** What that is; by default its label. Where it is the next token, nothing is needed besides the text. */
  readonly learns?: Learns | undefined;
  /** Whether a plain text file is one example, not one on each line. */
  readonly whole?: boolean | undefined;
  /** Format; by default it follows from the file's ending, else from its first line. */
  readonly format?: InputFormat | undefined;
  /** Encoding; by default UTF-8 or what a byte-order mark says. */
  readonly encoding?: Encoding | undefined;
  /** One character; by default a comma, semicolon or tab, detected. */
  readonly delimiter?: string | undefined;
  /** How quotes are read; by default `auto`. */
  readonly quotes?: Quotes | undefined;
  /** Names of the columns of a file without a header. */
  readonly columns?: readonly string[] | undefined;
  /** Which columns (or keys) hold what. */
  readonly names?: ColumnNames | undefined;
  /** Told what was detected. */
  readonly note: (sentence: string) => void;
}

/**
 * Examples of a file, of stdin (`-`) or of a folder per label, in order, each with its `origin` (`file:line`).
 * Nothing is kept in memory but the beginning of the file.
 * @throws UnrolledError `FILE_MISSING`, `FILE_UNREADABLE`, `FORMAT_UNKNOWN`, `ENCODING_INVALID`, `COLUMN_MISSING`,
 *   `ROW_INVALID`, `FOLDER_INVALID`
 */
export async function* readExamples(path: string, options: ReadOptions, io: Io): AsyncGenerator<Example, void, void> {
  const { note, encoding } = options;
  const kind = await kindOf(path, io);
  if (kind === 'folder') return yield* readTexts(path, options, io);
  const name = kind === 'stdin' ? 'stdin' : path;
  const decoded = unifyLineEnds(decode(readBytes(path, io), { name, encoding, note }));
  const begin = await peek(decoded, kind === 'stdin' && !options.labelled ? hasLine : undefined);
  const format = options.format ?? formatByName(path, options) ?? formatByContent(begin.sample, options);
  if (format === undefined) throw unknownFormat(name, options);
  if (format === 'jsonl')
    return yield* readJsonLines(begin.text, options.names ?? {}, {
      name,
      needs: neededOf(options),
      steps: options.learns === 'labels',
    });
  if (format === 'lines') return yield* readLines(begin.text, name, options);
  if (format === 'text') return yield* readWhole(begin.text, name, options);
  if (format === 'conll')
    return yield* readConll(begin.text, options.names ?? {}, { name, labelled: options.labelled });
  const { sample, text } = await peek(begin.text);
  yield* readTable(text, sample, { ...options, name, format });
}

/** Enough to tell lines from JSON Lines, so that what is typed or piped in slowly is answered as it comes. */
function hasLine(sample: string): boolean {
  return sample.includes('\n');
}

/** What each example must have besides its text, by what is learned. */
function neededOf({ labelled, learns = 'label' }: ReadOptions): Exclude<Learns, 'next'> | undefined {
  return labelled && learns !== 'next' ? learns : undefined;
}

/** What a plain text file is to a model of the next token. */
function plain({ whole }: ReadOptions): 'text' | 'lines' {
  return whole ? 'text' : 'lines';
}

function formatByName(path: string, options: ReadOptions): InputFormat | undefined {
  const tagged = options.learns === 'labels';
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return 'csv';
    case '.tsv':
    case '.tab':
      return tagged ? 'conll' : 'tsv';
    case '.conll':
    case '.iob':
    case '.bio':
      return 'conll';
    case '.txt':
      return options.learns === 'next' ? plain(options) : undefined;
    case '.jsonl':
    case '.ndjson':
      return 'jsonl';
    default:
      return undefined;
  }
}

/**
 * From the first line: an object is JSON Lines; where steps are labelled, all else is a token on each line; a header with the
 * text's column is a table; else plain text, if nothing is needed besides.
 */
function formatByContent(sample: string, options: ReadOptions): InputFormat | undefined {
  const first = sample.slice(0, sample.indexOf('\n') < 0 ? undefined : sample.indexOf('\n')).trim();
  if (first.startsWith('{') && isJson(first)) return said('jsonl', options);
  if (neededOf(options) === 'labels') return 'conll';
  const quotes = options.quotes ?? 'auto';
  const delimiter = options.delimiter ?? detectDelimiter(sample, quotes);
  const header = options.columns ?? first.split(delimiter).map((field) => field.replace(/^"(.*)"$/, '$1'));
  if (header.includes(options.names?.text ?? 'text') || options.names?.text !== undefined)
    return said(delimiter === DELIMITERS.tab ? 'tsv' : 'csv', options);
  return neededOf(options) === undefined ? plain(options) : undefined;
}

function said(format: InputFormat, { note }: ReadOptions): InputFormat {
  note(`read as ${format}, by its first line; --input-format says otherwise`);
  return format;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function unknownFormat(name: string, { names }: ReadOptions): UnrolledError {
  return new UnrolledError(
    'FORMAT_UNKNOWN',
    `${name}: its first line is neither a header with a column "${names?.text ?? 'text'}" nor a JSON object.`,
    { mend: `Say what it is with --input-format ${INPUT_FORMATS.slice(0, 3).join('|')}, or name its columns.` },
  );
}

async function* readLines(
  text: AsyncIterable<string>,
  name: string,
  options: ReadOptions,
): AsyncGenerator<Example, void, void> {
  refuseLabels(name, options);
  for await (const { line, number } of lines(text)) yield { text: line, origin: `${name}:${number}` };
}

async function* readWhole(
  text: AsyncIterable<string>,
  name: string,
  options: ReadOptions,
): AsyncGenerator<Example, void, void> {
  refuseLabels(name, options);
  yield { text: await whole(text), origin: name };
}

/** Plain text has no labels. @throws UnrolledError `FORMAT_UNKNOWN` */
function refuseLabels(name: string, options: ReadOptions): void {
  const needed = neededOf(options);
  if (needed === undefined) return;
  throw new UnrolledError('FORMAT_UNKNOWN', `${name} is read as plain text, which has no ${nouns[needed]}.`, {
    mend:
      needed === 'labels'
        ? 'Give a token and its label on each line (--input-format conll), or JSON Lines with "tokens" and "labels".'
        : needed === 'number'
          ? 'Data with numbers come as CSV, TSV or JSON Lines.'
          : 'Labelled data come as CSV, TSV, JSON Lines or a folder per label.',
  });
}

const nouns = { label: 'labels', labels: 'labels', sequence: 'targets', number: 'numbers' } as const;

/** Texts of a folder. @throws UnrolledError `FOLDER_INVALID` */
function readTexts(folder: string, options: ReadOptions, io: Io): AsyncGenerator<Example, void, void> {
  const needed = neededOf(options);
  if (needed !== undefined && needed !== 'label')
    throw new UnrolledError('FOLDER_INVALID', `${folder} is a folder of texts, which have no ${nouns[needed]}.`, {
      mend: 'Name a file.',
    });
  return readFolder(folder, { ...options, labelled: needed === 'label' }, io);
}

async function* readTable(
  text: AsyncIterable<string>,
  sample: string,
  options: ReadOptions & { readonly name: string; readonly format: 'csv' | 'tsv' },
): AsyncGenerator<Example, void, void> {
  const { name, note, names = {}, quotes = 'auto', columns } = options;
  const needs = neededOf(options);
  if (needs === 'labels')
    throw new UnrolledError('FORMAT_UNKNOWN', `${name} is a table of texts, whose steps have no labels.`, {
      mend: 'Give a token and its label on each line (--input-format conll), or JSON Lines with "tokens" and "labels".',
    });
  const delimiter = options.delimiter ?? detectDelimiter(sample, quotes);
  if (options.delimiter === undefined) note(`${name}: delimiter ${delimiterName(delimiter)}`);
  let chosen: Columns | undefined;
  for await (const row of readDelimited(text, { name, delimiter, quotes, columns })) {
    if (chosen) yield exampleOf(row, chosen, name, needs);
    else chosen = chooseColumns(row.fields, names, { name, needs });
  }
  if (!chosen)
    throw new UnrolledError('DATA_EMPTY', `${name} is empty.`, { mend: 'A header and at least one row are needed.' });
}

function exampleOf(
  { fields, line }: Row,
  columns: Columns,
  name: string,
  needs: 'label' | 'sequence' | 'number' | undefined,
): Example {
  const label = columns.label === undefined ? undefined : (fields[columns.label] as string);
  if (needs === 'label' && label === '')
    throw rowError(name, line, 'the label is empty', 'Give it a label, or take the row out.');
  const number = needs === 'number' ? numberIn(fields[columns.number as number] as string, name, line) : undefined;
  return {
    text: fields[columns.text] as string,
    ...(label !== undefined && { label }),
    ...(columns.target !== undefined && { target: fields[columns.target] as string }),
    ...(number !== undefined && { number }),
    ...(columns.split !== undefined && { split: fields[columns.split] as string }),
    origin: `${name}:${line}`,
  };
}

/** A delimiter as people name it. */
function delimiterName(delimiter: string): string {
  const found = Object.entries(DELIMITERS).find(([, character]) => character === delimiter);
  return found ? found[0] : JSON.stringify(delimiter);
}
