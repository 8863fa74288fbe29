// CSV and TSV → rows of fields with their lines, after RFC 4180 (by csv-parse), each row as wide as the header.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UnrolledError } from '@unrolled/core';
import { type CsvError, parse } from 'csv-parse';
import { DELIMITERS, type Quotes, quotesAreStrict } from './delimiter.ts';

/** One row and the line that it begins in, from 1. */
export interface Row {
  readonly fields: readonly string[];
  readonly line: number;
}

/** What {@link readDelimited} needs to know. */
export interface DelimitedOptions {
  /** The file's name, for messages. */
  readonly name: string;
  /** One character. */
  readonly delimiter: string;
  /**
   * `strict` is RFC 4180: a field in quotes may hold the delimiter, line ends and doubled quotes; a quote elsewhere is
   * an error. `none`: a quote is a character like any other. `auto`: strict, except in tab-separated text, where
   * quotes in running text are common and a row is always one line: there a field is unquoted only if it begins and
   * ends with a quote and every quote within is doubled; any other quote is text.
   */
  readonly quotes: Quotes;
  /** Names of the columns, where the file has no header. */
  readonly columns?: readonly string[] | undefined;
}

/**
 * Rows of a table, the header first (line 0 where `columns` names them). Empty lines are skipped.
 * @param text - line ends unified.
 * @throws UnrolledError `ROW_INVALID` with the line: too few or many fields, a stray or unclosed quote
 */
export async function* readDelimited(
  text: AsyncIterable<string>,
  options: DelimitedOptions,
): AsyncGenerator<Row, void, void> {
  const { delimiter, quotes } = options;
  const strict = quotesAreStrict(quotes, delimiter);
  let parsedTo = 0;
  const parser = parse({
    delimiter,
    quote: strict ? '"' : false,
    record_delimiter: '\n',
    relax_column_count: true, // the width is checked below, where the message can say more
    skip_empty_lines: true,
    info: true,
    on_record: (record: string[], { lines }) => {
      parsedTo = lines; // the loop below lags behind, and an error overtakes it
      return record;
    },
  });
  const unquote = quotes === 'auto' && !strict;
  let header: Row | undefined = options.columns && { fields: options.columns, line: 0 };
  if (header) yield header;
  pipeline(Readable.from(text), parser).catch(() => undefined); // the error comes out of the loop below
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      const line = info.lines - newlines(record);
      const row = { fields: unquote ? record.map(withoutQuotes) : record, line };
      header ??= row;
      if (row.fields.length !== header.fields.length) throw wrongWidth(row, header, options);
      yield row;
    }
  } catch (error) {
    throw quoteError(error, parsedTo + 1, options) ?? error;
  } finally {
    parser.destroy();
  }
}

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

function newlines(record: readonly string[]): number {
  let found = 0;
  for (const field of record) for (const character of field) if (character === '\n') found++;
  return found;
}

function withoutQuotes(field: string): string {
  return /^"(?:[^"]|"")*"$/.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field;
}

function wrongWidth({ fields, line }: Row, header: Row, { name, delimiter, columns }: DelimitedOptions): UnrolledError {
  const expected = `${plural(header.fields.length, columns ? 'column' : 'field')} ${columns ? 'named' : 'in the header'}`;
  const short = fields.length < header.fields.length;
  const opened = fields.some((field) => field.startsWith('"'));
  const mend =
    delimiter === DELIMITERS.tab && opened
      ? 'If fields in quotes may hold tabs or line ends here, add --quotes strict.'
      : short
        ? 'The row is cut short, or the file truncated.'
        : `A field that holds the delimiter must be in double quotes; another delimiter is said with --delimiter.`;
  return rowError(name, line, `${plural(fields.length, 'field')}, but ${expected}`, mend);
}

/** csv-parse's errors about quotes in our words, at the line where the row begins. */
function quoteError(error: unknown, line: number, { name }: DelimitedOptions): UnrolledError | undefined {
  const { code, lines } = error as CsvError & { readonly lines?: number };
  const literally = 'If quotes are plain characters in this file, add --quotes none.';
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return rowError(name, line, 'a quote is opened and never closed', `The file may be truncated. ${literally}`);
  if (code === 'INVALID_OPENING_QUOTE')
    return rowError(name, line, 'a quote stands inside a field that is not quoted', `Quote the field. ${literally}`);
  if (code === 'CSV_INVALID_CLOSING_QUOTE') {
    const where = lines !== undefined && lines > line ? ` (line ${lines})` : '';
    const what = `a quote inside a quoted field${where} is not doubled, or an earlier one is not closed`;
    return rowError(name, line, what, literally);
  }
  return undefined;
}

/** An error about one row. */
export function rowError(name: string, line: number, what: string, mend: string): UnrolledError {
  return new UnrolledError('ROW_INVALID', `${name}:${line}: ${what}.`, { mend, data: { name, line } });
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
