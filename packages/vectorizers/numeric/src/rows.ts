// Rows of numbers as they must be: finite, and each as wide as those that were fitted on.
import { counted, describe, UnrolledError } from '@unrolled/core';

/** Rows of numbers, `[rows, width]`. */
export type Rows = readonly (readonly number[])[];

/**
 * Checks every row.
 * @param width - numbers of a row; undefined where no row was seen before these, so that the first one tells.
 * @param before - steps of the same sequence that came earlier, for the numbers in messages.
 * @throws UnrolledError `EXAMPLE_INVALID`
 */
export function checkRows(rows: Rows, width: number | undefined, before: number): void {
  const expected = width ?? rows[0]?.length;
  for (const [index, row] of rows.entries()) {
    const step = before + index + 1;
    if (!Array.isArray(row))
      throw invalid(`Step ${step} must be a row of numbers, but ${describe(row)} was given.`, wantRows);
    if (row.length === 0) throw invalid(`Step ${step} has no numbers.`, wantRows);
    if (row.length !== expected) {
      const others = width === undefined ? 'the first step has' : 'those that were fitted on have';
      throw invalid(`Step ${step} has ${counted(row.length, 'number')}, but ${others} ${expected}.`, sameWidth);
    }
    for (let at = 0; at < row.length; at++)
      if (!Number.isFinite(row[at]))
        throw invalid(`Step ${step}, number ${at + 1}, must be a finite number, but ${describe(row[at])} was given.`);
  }
}

const wantRows = 'Give rows such as [[0.1, 0.2], [0.3, 0.4]], one for each step.';
const sameWidth = 'Bring all rows to one width: cut, fill up or resize them, frames of a video too.';

/** Of an example that the vectorizer can't read. */
export function invalid(message: string, mend = 'Leave the example out, or fill in what is missing.'): UnrolledError {
  return new UnrolledError('EXAMPLE_INVALID', message, { mend });
}
