// CoNLL-like columns → examples: a token and its label on each line, an empty line between sentences.
import { type Example, UnrolledError } from '@unrolled/core';
import { counted } from '../show/number.ts';
import type { ColumnNames } from './columns.ts';
import { rowError } from './delimited.ts';
import { lines } from './text.ts';

/** One token. */
interface Row {
  readonly token: string;
  readonly label: string | undefined;
}

/**
 * Sentences of a text. Columns are parted by tabs, or by white space where a line has no tab; the token is the first and the
 * label the last, unless `names` gives their numbers (from 1). Lines without a label are read where none is needed. A line
 * `# …` before a sentence's first token is a comment, `-DOCSTART-` begins a document and is no token; nor are CoNLL-U's ranges
 * (`3-4`) and empty nodes (`3.1`), where `names` puts the token behind the column that numbers them.
 * @throws UnrolledError `ROW_INVALID` with the line, also of a row with another number of columns than the first; `COLUMN_MISSING`
 */
export async function* readConll(
  text: AsyncIterable<string>,
  names: ColumnNames,
  where: { readonly name: string; readonly labelled: boolean },
): AsyncGenerator<Example, void, void> {
  const places = { token: numbered(names.text, 'text'), label: numbered(names.label, 'label') };
  const numbersFirst = (places.token ?? 1) > 1;
  let rows: Row[] = [];
  let from = 0;
  let first: { readonly width: number; readonly line: number } | undefined;
  for await (const { line, number } of lines(text)) {
    if (line.trim() === '') {
      if (rows.length > 0) yield sentenceOf(rows, where.name, from);
      rows = [];
      continue;
    }
    if (rows.length === 0 && /^#\s/.test(line) && !line.includes('\t')) continue;
    const fields = line.includes('\t') ? line.split('\t') : line.trim().split(/\s+/);
    if (fields.includes('-DOCSTART-') || (numbersFirst && /^\d+[-.]\d+$/.test(fields[0] as string))) continue;
    if (rows.length === 0) from = number;
    rows.push(rowOf(fields, places, where, number));
    first ??= { width: fields.length, line: number };
    if (fields.length !== first.width) throw uneven(fields.length, first, where.name, number);
  }
  if (rows.length > 0) yield sentenceOf(rows, where.name, from);
}

function sentenceOf(rows: readonly Row[], name: string, line: number): Example {
  const labels = rows.map(({ label }) => label);
  return {
    tokens: rows.map(({ token }) => token),
    ...(labels.every((label) => label !== undefined) && { labels: labels as readonly string[] }),
    origin: `${name}:${line}`,
  };
}

function rowOf(
  fields: readonly string[],
  places: { readonly token: number | undefined; readonly label: number | undefined },
  { name, labelled }: { readonly name: string; readonly labelled: boolean },
  number: number,
): Row {
  const at = (place: number): string | undefined => fields[place - 1];
  const token = at(places.token ?? 1);
  const last = fields.length > 1 ? fields.length : undefined;
  const place = places.label ?? last;
  const label = place === undefined ? undefined : at(place);
  if (token === undefined || token === '')
    throw rowError(
      name,
      number,
      'the token is missing',
      'Put a token into its column, or leave the line empty between sentences.',
    );
  if (labelled && (label === undefined || label === ''))
    throw rowError(
      name,
      number,
      `the label of ${JSON.stringify(token)} is missing`,
      'Write the token, a tab and its label on each line; --label-column N says which column it is.',
    );
  return { token, label: label === '' ? undefined : label };
}

function uneven(
  found: number,
  first: { readonly width: number; readonly line: number },
  name: string,
  line: number,
): UnrolledError {
  return rowError(
    name,
    line,
    `${counted(found, 'column')}, but there ${first.width === 1 ? 'is' : 'are'} ${first.width} in line ${first.line}`,
    'Give every token the same columns; a token that holds a space needs tabs between them.',
  );
}

/** The number of a column. @throws UnrolledError `COLUMN_MISSING` */
function numbered(name: string | undefined, role: string): number | undefined {
  if (name === undefined) return undefined;
  if (/^[1-9]\d*$/.test(name)) return Number(name);
  throw new UnrolledError(
    'COLUMN_MISSING',
    `Files with a token on each line have no names of columns, but --${role}-column ${name} was given.`,
    { mend: `Give the number of the column, as --${role}-column 2.` },
  );
}
