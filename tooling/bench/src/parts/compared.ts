// The table of contenders side by side, ours first.
import { type Cell, type Table, textOf } from '../table.ts';
import { type Result, ratioTo, roundsOf, skippedNotes, spreadOf } from './part.ts';

/** A unit that times are shown in. */
export interface Unit {
  readonly name: string;
  /** Of it in a millisecond. */
  readonly perMillisecond: number;
}

/** Milliseconds. */
export const milliseconds: Unit = { name: 'ms', perMillisecond: 1 };
/** Microseconds. */
export const microseconds: Unit = { name: 'µs', perMillisecond: 1000 };
/** Seconds. */
export const seconds: Unit = { name: 's', perMillisecond: 0.001 };

/** A column computed from a median in milliseconds. */
export interface Further {
  readonly name: string;
  readonly of: (median: number, result: Result) => Cell;
}

/** One line for each contender that was measured; the others in notes. */
export function comparedTable(
  title: string,
  results: readonly Result[],
  unit: Unit = milliseconds,
  further: readonly Further[] = [],
  notes: readonly string[] = [],
): Table {
  const shown = (value: number): string => textOf(value * unit.perMillisecond);
  const measured = results.filter(({ summary }) => summary);
  const rows = measured.map((result): readonly Cell[] => {
    const { name, summary, measured: how } = result;
    if (!summary || !how) return [name];
    const median = summary.median * unit.perMillisecond;
    const columns = further.map(({ of }) => of(summary.median, result));
    return [name, median, spreadOf(summary, shown), roundsOf(how), ratioTo(results[0], result), ...columns];
  });
  const columns = ['', unit.name, 'quartiles', 'rounds', '÷ ours', ...further.map(({ name }) => name)];
  return { title, columns, rows, notes: [...notes, ...skippedNotes(results)] };
}
