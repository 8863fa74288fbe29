// Which numbers of an example's rows make up which step: a row, a square patch of a picture, or the whole picture.
import { counted } from '@unrolled/core';
import type { NumericOptions } from './options.ts';
import { invalid, type Rows } from './rows.ts';

/** How rows of one width become steps. */
export interface Arrangement {
  /** Numbers of a row. */
  readonly width: number;
  /** Rows of a picture; undefined where steps are rows, of which there may be any number. */
  readonly height: number | undefined;
  /** Numbers of a step. */
  readonly size: number;
  /** Rows `[rows, width]` → steps `[steps, size]`, row-major. @throws UnrolledError `EXAMPLE_INVALID` for a picture of another height */
  readonly arrange: (rows: Rows) => Float64Array;
}

/** The part of the options that says what a step is. */
export type StepOptions = Pick<NumericOptions, 'steps' | 'patch' | 'channels'>;

/**
 * The arrangement for examples of this width and height.
 * @throws UnrolledError `EXAMPLE_INVALID` where patches don't cover the picture exactly
 */
export function arrangementOf(options: StepOptions, width: number, height: number): Arrangement {
  if (options.steps === 'rows') return { width, height: undefined, size: width, arrange: flat };
  const shared = { width, height };
  if (options.steps === 'whole')
    return { ...shared, size: height * width, arrange: (rows) => flat(ofHeight(rows, height)) };
  const { patch, channels } = options;
  checkCovered(patch, channels, width, height);
  const size = patch * patch * channels;
  return { ...shared, size, arrange: (rows) => patches(ofHeight(rows, height), width, patch, patch * channels) };
}

/** No rows at all are no picture and no step: an empty example, which is the pipeline's to refuse. */
function ofHeight(rows: Rows, height: number): Rows {
  if (rows.length === height || rows.length === 0) return rows;
  throw invalid(
    `The picture has ${counted(rows.length, 'row')}, but those that were fitted on have ${height}.`,
    'Bring all pictures to one size, and give each whole; sequences of any length are for steps: "rows".',
  );
}

function checkCovered(patch: number, channels: number, width: number, height: number): void {
  const mend = 'Choose another patch, name the channels of a pixel, or cut or fill up the pictures.';
  if (width % channels !== 0)
    throw invalid(`A row of ${counted(width, 'number')} does not hold whole pixels of ${channels} channels.`, mend);
  const pixels = width / channels;
  if (pixels % patch !== 0 || height % patch !== 0)
    throw invalid(`Patches of ${patch} × ${patch} pixels don't cover a picture of ${pixels} × ${height}.`, mend);
}

function flat(rows: Rows): Float64Array {
  const width = rows[0]?.length ?? 0;
  const all = new Float64Array(rows.length * width);
  for (const [index, row] of rows.entries()) all.set(row, index * width);
  return all;
}

/** `across` is the width of a patch in numbers. */
function patches(rows: Rows, width: number, patch: number, across: number): Float64Array {
  const all = new Float64Array(rows.length * width);
  let at = 0;
  for (let top = 0; top < rows.length; top += patch)
    for (let left = 0; left < width; left += across)
      for (let down = 0; down < patch; down++) {
        const row = rows[top + down] as readonly number[];
        for (let right = 0; right < across; right++) all[at++] = row[left + right] as number;
      }
  return all;
}
