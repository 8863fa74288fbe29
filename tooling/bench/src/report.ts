// Writes a report as JSON, after each part anew, so that an interrupted run leaves what it had.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartName, Settings } from './arguments.ts';
import { cache } from './cache.ts';
import type { Machine } from './machine.ts';
import type { Table } from './table.ts';

/** What a run of the bench found. */
export interface Report {
  readonly machine: Machine;
  /** Average of the last minute, at the start and at the end; above the number of cores, others took part. */
  readonly load: { readonly start: number; readonly end: number };
  readonly settings: Settings;
  readonly tables: readonly Table[];
  /** Every measured time, in milliseconds. */
  readonly parts: Partial<Readonly<Record<PartName, unknown>>>;
}

const began = new Date();

/** Writes it. @returns the file */
export function writeReport(report: Report): string {
  const name = began.toISOString().slice(0, 19).replaceAll(':', '-');
  const file = join(cache, `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ date: began.toISOString(), ...report }, undefined, 2)}\n`);
  return file;
}
