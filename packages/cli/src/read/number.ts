// The number of a row, as a field of a table or a value of JSON.
import { describe } from '@unrolled/core';
import { rowError } from './delimited.ts';

const written = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a field holds. @throws UnrolledError `ROW_INVALID` */
export function numberIn(field: string, name: string, line: number): number {
  const text = field.trim();
  const number = written.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(number)) return number;
  if (text === '') throw rowError(name, line, 'the number is empty', 'Give it a number, or take the row out.');
  const comma = /^[+-]?\d+,\d+$/.test(text);
  const mend = comma ? `Write it with a point: ${text.replace(',', '.')}.` : 'Write it as 3.5 or -2e3, without a unit.';
  throw rowError(name, line, `the number is ${describe(field)}`, mend);
}

/** The same of a value of JSON. @throws UnrolledError `ROW_INVALID` */
export function numberOf(value: unknown, key: string, name: string, line: number): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw rowError(
    name,
    line,
    `"${key}" must be a number, not ${JSON.stringify(value)}`,
    'Write it without quotes, as 3.5.',
  );
}
