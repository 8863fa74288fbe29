// A distribution as percentiles and as bars of text.
import { count } from './number.ts';
import { table } from './table.ts';

/** Percentiles by the nearest-rank method, of numbers in ascending order. */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[Math.min(rank, sorted.length) - 1] ?? 0;
}

/** One bar: how many numbers lie from `from` to `to`, both included. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Whole numbers in at most `most` bars of one round width; the last also holds what lies beyond the 99th percentile. */
export function bars(sorted: readonly number[], most = 10): readonly Bar[] {
  if (sorted.length === 0) return [];
  const least = sorted[0] as number;
  const greatest = sorted.at(-1) as number;
  const high = percentile(sorted, 0.99);
  const step = roundUp((high - least + 1) / most);
  const start = Math.floor(least / step) * step;
  const result: { from: number; to: number; count: number }[] = [];
  for (let from = start; from <= high; from += step) result.push({ from, to: from + step - 1, count: 0 });
  for (const value of sorted) {
    const bar = result[Math.min(Math.floor((value - start) / step), result.length - 1)];
    if (bar) bar.count++;
  }
  const last = result.at(-1);
  if (last) last.to = Math.max(last.to, greatest);
  return result;
}

/** 1, 2, 5, 10, 20, 50, … : the smallest that is at least `value`. */
function roundUp(value: number): number {
  let power = 1;
  while (power * 10 < value) power *= 10;
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= value) as number;
}

/** Bars drawn with blocks, the longest `width` characters wide. */
export function drawBars(given: readonly Bar[], width = 40, indent = 0): string {
  const most = Math.max(1, ...given.map((bar) => bar.count));
  const rows = given.map((bar) => {
    const label = bar.from === bar.to ? String(bar.from) : `${bar.from}–${bar.to}`;
    return [label, count(bar.count), block((bar.count / most) * width)];
  });
  return table(rows, { right: [0, 1], indent });
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `length` characters, in eighths. */
export function block(length: number): string {
  const eighths = Math.round(length * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] as string);
}
