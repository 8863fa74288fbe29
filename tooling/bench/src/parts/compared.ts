// The table of contenders side by side, ours first.
import { quantile } from '../statistics.ts';
import { type Cell, type Table, textOf } from '../table.ts';
import { type Result, ratioTo, roundsOf, skippedNotes, spreadOf } from './part.ts';

/** A unit that times are shown in. */
interface Unit {
  readonly name: string;
  /** Of it in a millisecond. */
  readonly perMillisecond: number;
}

/** Milliseconds. */
const milliseconds: Unit = { name: 'ms', perMillisecond: 1 };
/** Microseconds. */
export const microseconds: Unit = { name: 'µs', perMillisecond: 1000 };
/** Seconds. */
export const seconds: Unit = { name: 's', perMillisecond: 0.001 };

/** A column computed from a median in milliseconds. */
interface Further {
  readonly name: string;
  readonly of: (median: number, result: Result) => Cell;
}

/** How a comparison is shown. */
interface Showing {
  /** Milliseconds where left out. */
  readonly unit?: Unit;
  /** Name of the column that divides by the first. */
  readonly ratio?: string;
  readonly further?: readonly Further[];
  readonly notes?: readonly string[];
}

/** One line for each contender that was measured; the others in notes. */
export function comparedTable(
  title: string,
  results: readonly Result[],
  { unit = milliseconds, ratio = '÷ ours', further = [], notes = [] }: Showing = {},
): Table {
  const shown = (value: number): string => textOf(value * unit.perMillisecond);
  const rows = results.flatMap((result): (readonly Cell[])[] => {
    const { name, summary, measured } = result;
    if (!summary || !measured) return [];
    const median = summary.median * unit.perMillisecond;
    const processor = quantile(measured.processor, 0.5) * unit.perMillisecond;
    const columns = further.map(({ of }) => of(summary.median, result));
    return [
      [name, median, spreadOf(summary, shown), roundsOf(measured), processor, ratioTo(results[0], result), ...columns],
    ];
  });
  const columns = ['', unit.name, 'quartiles', 'rounds', `cpu ${unit.name}`, ratio, ...further.map(({ name }) => name)];
  return { title, columns, rows, notes: [...notes, ...versionNotes(results), ...skippedNotes(results)] };
}

/** What was compared with, exactly. */
function versionNotes(results: readonly Result[]): readonly string[] {
  const known = results.filter(
    ({ summary, version }) => summary && version !== undefined && version !== results[0]?.version,
  );
  const versions = [...new Set(known.map(({ version }) => version))];
  return versions.length === 0 ? [] : [versions.join('; ')];
}
