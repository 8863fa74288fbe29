// JSON Lines → examples: one object a line, with the keys `text` (or `tokens` or `values`), `label` (or `labels`), `target`, `number`, `split` or those that were asked for.
import { type Example, type Learns, nearest, UnrolledError } from '@unrolled/core';
import type { ColumnNames } from './columns.ts';
import { rowError } from './delimited.ts';
import { numberOf } from './number.ts';
import { lines } from './text.ts';

/**
 * Examples of a JSON Lines text; empty lines are skipped. A label may be a string, a number or a boolean; "tokens" and "labels"
 * are lists of strings.
 * @param where - what is needed besides the text, and whether steps are what is labelled, so that lists are looked for.
 * @throws UnrolledError `ROW_INVALID` with the line, `COLUMN_MISSING` where a key is not there
 */
export async function* readJsonLines(
  text: AsyncIterable<string>,
  names: ColumnNames,
  where: { readonly name: string; readonly needs: Exclude<Learns, 'next'> | undefined; readonly steps: boolean },
): AsyncGenerator<Example, void, void> {
  for await (const { line, number } of lines(text)) {
    if (!line.trim()) continue;
    const record = parseLine(line, where.name, number);
    const tokens = where.steps ? pickList(record, 'tokens', where, number, false) : undefined;
    const labels = where.steps ? pickList(record, 'labels', where, number, where.needs === 'labels') : undefined;
    const values = valuesOf(record, names);
    const textValue = pick(record, 'text', names, where, number, tokens === undefined && values === undefined);
    const label = pick(record, 'label', names, where, number, where.needs === 'label');
    const target = pick(record, 'target', names, where, number, where.needs === 'sequence');
    const own = where.needs === 'number' ? pickNumber(record, names, where.name, number) : undefined;
    const split = pick(record, 'split', names, where, number, false);
    yield {
      ...(textValue !== undefined && { text: textValue }),
      ...(tokens && { tokens }),
      ...(values && { values }),
      ...(labels && { labels }),
      ...(target !== undefined && { target }),
      ...(label !== undefined && { label }),
      ...(own !== undefined && { number: own }),
      ...(split !== undefined && { split }),
      origin: `${where.name}:${number}`,
    };
  }
}

function parseLine(line: string, name: string, number: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    const array = number === 1 && line.trimStart().startsWith('[');
    throw rowError(
      name,
      number,
      `this is not JSON (${(cause as Error).message})`,
      array
        ? 'JSON Lines has one object on each line, not one array: `jq -c .[]` turns one into the other.'
        : 'Each line must be one whole JSON object; the last one is cut off in a truncated file.',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw rowError(
      name,
      number,
      `a JSON object was expected, not ${line.length > 40 ? `${line.slice(0, 37)}...` : line}`,
      'Write {"text": "…", "label": "…"} on each line.',
    );
  return value as Readonly<Record<string, unknown>>;
}

function pick(
  record: Readonly<Record<string, unknown>>,
  role: keyof ColumnNames,
  names: ColumnNames,
  where: { readonly name: string },
  number: number,
  needed: boolean,
): string | undefined {
  const wanted = names[role] ?? role;
  const value = Object.hasOwn(record, wanted) ? record[wanted] : undefined;
  if (value === undefined || value === null) {
    if (needed || (names[role] !== undefined && value === undefined))
      throw missingKey(record, role, wanted, `${where.name}:${number}`);
    return undefined;
  }
  if (typeof value === 'string') return value;
  if (role !== 'text' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  throw rowError(where.name, number, `"${wanted}" must be a string, not ${JSON.stringify(value)}`, 'Put it in quotes.');
}

/** Rows of numbers in place of a text; what stands in them is looked at as they are encoded. */
function valuesOf(record: Readonly<Record<string, unknown>>, names: ColumnNames): Example['values'] {
  const { values } = record;
  return !Object.hasOwn(record, names.text ?? 'text') && Array.isArray(values) ? values : undefined;
}

/** @throws UnrolledError `ROW_INVALID`, `COLUMN_MISSING` */
function pickNumber(record: Readonly<Record<string, unknown>>, names: ColumnNames, name: string, line: number): number {
  const wanted = names.number ?? 'number';
  const value = Object.hasOwn(record, wanted) ? record[wanted] : undefined;
  if (value === undefined || value === null) throw missingKey(record, 'number', wanted, `${name}:${line}`);
  return numberOf(value, wanted, name, line);
}

/** A list of texts, none of them empty: one alone of another type is most likely a slip. @throws UnrolledError `ROW_INVALID` */
function pickList(
  record: Readonly<Record<string, unknown>>,
  key: 'tokens' | 'labels',
  where: { readonly name: string },
  number: number,
  needed: boolean,
): readonly string[] | undefined {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  if (value === undefined || value === null) {
    if (!needed) return undefined;
    const found = Object.keys(record).map((name) => JSON.stringify(name));
    throw new UnrolledError(
      'COLUMN_MISSING',
      `${where.name}:${number}: there is no "${key}"; there is ${found.join(', ') || 'nothing'}.`,
      { mend: 'Write {"tokens": ["The", "cat"], "labels": ["DET", "NOUN"]} on each line.' },
    );
  }
  const mend = `Write "${key}": ["…", "…"].`;
  if (!Array.isArray(value)) throw rowError(where.name, number, `"${key}" must be a list of strings`, mend);
  const wrong = value.findIndex((each) => typeof each !== 'string' || each === '');
  if (wrong < 0) return value;
  const found = JSON.stringify(value[wrong]);
  throw rowError(
    where.name,
    number,
    `"${key}" must be strings that are not empty, but item ${wrong + 1} is ${found}`,
    mend,
  );
}

function missingKey(record: object, role: string, wanted: string, where: string): UnrolledError {
  const found = Object.keys(record);
  const near = nearest(wanted, found);
  return new UnrolledError(
    'COLUMN_MISSING',
    `${where}: there is no "${wanted}"; there is ${found.map((key) => JSON.stringify(key)).join(', ') || 'nothing'}.`,
    {
      mend: near ? `Did you mean --${role}-column ${near}?` : `Say which key it is with --${role}-column NAME.`,
      data: { wanted, found },
    },
  );
}
