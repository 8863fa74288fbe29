// Reads the rows of mr_same_formatting.tsv: five fields between tabs, nothing quoted.
import { type Example, UnrolledError } from '@unrolled/core';

/** The file's name, for messages and origins. */
export const fileName = 'mr_same_formatting.tsv';

const header = 'vader_id\tsplit\tlabel\trating\ttext';
const labels: ReadonlyMap<string, string> = new Map([
  ['0', 'negative'],
  ['1', 'positive'],
]);
const splits: ReadonlySet<string> = new Set(['train', 'heldout']);

/**
 * The examples of the file's text, in its order.
 * @throws UnrolledError `DATASET_CORRUPT`, with the line at fault
 */
export function* parseRows(text: string): Generator<Example> {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== header) throw corrupt(1, `the header ${JSON.stringify(header)}`, lines[0] ?? '');
  if (lines.at(-1) !== '') throw corrupt(lines.length, 'a line break at the end of the file', lines.at(-1) ?? '');
  for (const [index, line] of lines.slice(1, -1).entries()) yield rowOf(line, index + 2);
}

function rowOf(line: string, number: number): Example {
  const fields = line.split('\t');
  const [, split = '', value = '', , text = ''] = fields;
  const label = labels.get(value);
  if (fields.length !== 5 || !splits.has(split) || label === undefined || text === '')
    throw corrupt(number, 'five fields: a number, train or heldout, 0 or 1, a rating, a text', line);
  return { text, label, split, origin: `${fileName}:${number}` };
}

function corrupt(line: number, expected: string, found: string): UnrolledError {
  return new UnrolledError(
    'DATASET_CORRUPT',
    `${fileName}:${line}: expected ${expected}, but found ${JSON.stringify(found.slice(0, 60))}.`,
    { mend: 'Install @unrolled/dataset-movie-reviews again, or give the right file as option "url".' },
  );
}
