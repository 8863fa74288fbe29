// Reads the two forms of text that data sets are kept in: tables, and documents one after the other.
import { corruptDataFile, type DataFile } from './data-file.ts';

/** A row of a table. */
export interface TableRow {
  /** As many as the table has columns. */
  readonly fields: readonly string[];
  /** Its line in the file, from 1. */
  readonly line: number;
  /** File and line, for an example's `origin`. */
  readonly origin: string;
}

/**
 * The rows below the header of a table: fields between tabs, nothing quoted, a line break at the end.
 * @param columns - the header must name these.
 * @throws UnrolledError `DATASET_CORRUPT`, with the line at fault
 */
export function* tableRows(text: string, file: DataFile, columns: readonly string[]): Generator<TableRow> {
  const lines = text.split(/\r?\n/);
  const header = columns.join('\t');
  if (lines[0] !== header) throw corruptDataFile(file, 1, `the header ${quoted(header)}`, quoted(lines[0] ?? ''));
  const last = lines.pop() as string;
  if (last !== '') throw corruptDataFile(file, lines.length + 1, 'a line break at the end of the file', quoted(last));
  for (let line = 2; line <= lines.length; line++) {
    const row = lines[line - 1] as string;
    const fields = row.split('\t');
    if (fields.length !== columns.length || fields.includes(''))
      throw corruptDataFile(file, line, `${columns.length} fields (${columns.join(', ')})`, quoted(row));
    yield { fields, line, origin: `${file.name}:${line}` };
  }
}

/** The steps of a numeric sequence, between spaces, each of `size` numbers between commas; undefined for anything else. */
export function readSteps(text: string, size: number): number[][] | undefined {
  const steps = text.split(' ').map((step) => step.split(',').map(Number));
  return steps.every((step) => step.length === size && step.every(Number.isFinite)) ? steps : undefined;
}

/** A text of a file of many. */
export interface DataDocument {
  /** Its name, as its heading gives it. */
  readonly name: string;
  /** The text between its heading and the next. */
  readonly text: string;
  /** The line of the file on which the text begins, from 1. */
  readonly line: number;
}

/**
 * Documents that stand one after the other, each below a line `# name`.
 * @throws UnrolledError `DATASET_CORRUPT` where the file begins with anything else
 */
export function dataDocuments(text: string, file: DataFile): readonly DataDocument[] {
  const [before = '', ...pieces] = text.replaceAll('\r\n', '\n').split(/^# (.*)\n/m);
  if (before !== '' || pieces.length === 0) throw corruptDataFile(file, 1, 'a line "# name"', quoted(before));
  const documents: DataDocument[] = [];
  let line = 2;
  for (let i = 0; i < pieces.length; i += 2) {
    const [name, own] = pieces.slice(i, i + 2) as [string, string];
    documents.push({ name, text: own, line });
    line += own.split('\n').length;
  }
  return documents;
}

/** The start of a text in quotes, for messages. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
