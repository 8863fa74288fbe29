// The parts of an example that the pipeline reads: what else a row of the caller's data holds stays with the caller.
import type { Example } from '../contracts/plugins.ts';

const parts = ['text', 'tokens', 'values', 'image', 'label', 'labels', 'number', 'target', 'split', 'origin'] as const;

/** A copy with those parts; what is no example crosses as it is, so that the worker says what is wrong with it. */
export function packExample(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  const given = item as { readonly [K in keyof Example]: unknown };
  return Object.fromEntries(parts.flatMap((part) => (given[part] === undefined ? [] : [[part, given[part]]])));
}
