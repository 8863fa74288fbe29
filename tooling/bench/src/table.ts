// Tables for a terminal.

/** A cell: text is set to the left, a number to the right. */
export type Cell = string | number | undefined;

/** A table with a title. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Sentences under it. */
  readonly notes?: readonly string[];
}

/** The table as lines. */
export function renderTable({ title, columns, rows, notes = [] }: Table): string {
  const text = rows.map((row) => columns.map((_, at) => textOf(row[at])));
  const widths = columns.map((name, at) => Math.max(name.length, ...text.map((row) => (row[at] as string).length)));
  const toTheRight = columns.map((_, at) => at > 0 && rows.some((row) => typeof row[at] === 'number'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (toTheRight[at] ? cell.padStart(widths[at] as number) : cell.padEnd(widths[at] as number)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [title, '', line(columns), rule, ...text.map(line), ...notes.map((note) => `  ${note}`)].join('\n');
}

/** A number with three significant digits. */
export function textOf(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if (!Number.isFinite(cell)) return String(cell);
  const size = Math.abs(cell);
  if (Number.isInteger(cell) && size < 100) return String(cell);
  if (size >= 100) return String(Math.round(cell)).replace(/\B(?=(\d{3})+$)/g, ',');
  return size < 1e-6 ? cell.toExponential(2) : cell.toPrecision(3);
}
