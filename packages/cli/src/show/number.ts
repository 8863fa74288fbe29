// Numbers as people read them; the same on every machine.
import { counted as countedPlain } from '@unrolled/core';

/** `8,467` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `8,467 examples`, `1 example` */
export function counted(value: number, noun: string): string {
  return countedPlain(value, noun, count(value));
}

/** A share in [0, 1] as `12.3%`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** A measure with four decimals; a very small or large one in powers of ten. */
export function measure(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : value.toFixed(4);
}

/** Seconds as `12.3s`, `4m 05s` or `2h 03m`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${two(Math.floor(seconds % 60))}s`;
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
