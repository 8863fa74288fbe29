// Which columns of a table hold the text, the label, the target, the number and the split.
import { nearest, UnrolledError } from '@unrolled/core';

/** Names of columns as they were asked for; undefined takes the default name where it is present. */
export interface ColumnNames {
  /** Default `text`. */
  readonly text?: string | undefined;
  /** Default `label`. */
  readonly label?: string | undefined;
  /** Default `target`. */
  readonly target?: string | undefined;
  /** Default `number`. */
  readonly number?: string | undefined;
  /** Default `split`. */
  readonly split?: string | undefined;
}

/** Positions of the columns; undefined where there is none. */
export interface Columns {
  readonly text: number;
  readonly label: number | undefined;
  readonly target: number | undefined;
  readonly number: number | undefined;
  readonly split: number | undefined;
}

/**
 * Finds the columns in a header.
 * @param needs - what is needed besides the text.
 * @throws UnrolledError `COLUMN_MISSING` with the columns found and the nearest name
 */
export function chooseColumns(
  header: readonly string[],
  names: ColumnNames,
  where: { readonly name: string; readonly needs: 'label' | 'sequence' | 'number' | undefined },
): Columns {
  const find = (role: keyof ColumnNames, needed: boolean): number | undefined => {
    const wanted = names[role] ?? role;
    const at = header.indexOf(wanted);
    if (at >= 0 && header.indexOf(wanted, at + 1) >= 0) throw twice(wanted, where.name);
    if (at >= 0) return at;
    if (needed || names[role] !== undefined) throw missing(role, wanted, header, where.name);
    return undefined;
  };
  return {
    text: find('text', true) as number,
    label: find('label', where.needs === 'label'),
    target: find('target', where.needs === 'sequence'),
    number: where.needs === 'number' || names.number !== undefined ? find('number', true) : undefined,
    split: find('split', false),
  };
}

function missing(role: string, wanted: string, header: readonly string[], name: string): UnrolledError {
  const found = header.map((column) => JSON.stringify(column)).join(', ');
  const near = nearest(wanted, header);
  const mend = near
    ? `Did you mean --${role}-column ${quoted(near)}?`
    : header.length === 1
      ? 'If the file has several, say what parts them with --delimiter; if it has no header, name its columns with --columns.'
      : `Say which one it is with --${role}-column NAME; if the file has no header, name its columns with --columns.`;
  return new UnrolledError('COLUMN_MISSING', `${name} has no column "${wanted}"; it has ${found}.`, {
    mend,
    data: { wanted, found: header },
  });
}

function twice(wanted: string, name: string): UnrolledError {
  return new UnrolledError('COLUMN_MISSING', `${name} has two columns "${wanted}".`, { mend: 'Rename one of them.' });
}

function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name);
}
