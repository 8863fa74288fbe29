// Rows of text in columns.
import { stripVTControlCharacters } from 'node:util';

/** How a table is laid out. */
export interface TableLayout {
  /** Columns that are set right, by index; the first is 0. */
  readonly right?: readonly number[];
  /** Spaces before each line. */
  readonly indent?: number;
}

/** Lines of a table without borders, two spaces between columns. */
export function table(rows: readonly (readonly string[])[], { right = [], indent = 0 }: TableLayout = {}): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, width(cell));
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => {
        const space = ' '.repeat((widths[i] as number) - width(cell));
        return right.includes(i) ? space + cell : cell + space;
      });
      return (' '.repeat(indent) + cells.join('  ')).trimEnd();
    })
    .join('\n');
}

/** Number of characters on screen: one for each code point, none for colours. */
export function width(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}
