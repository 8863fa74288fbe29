// Copies of what an executable holds.
import type { Tensors } from '@unrolled/core';
import type { Shape } from '@unrolled/equations';

/** Numbers by name. */
export type Arrays = ReadonlyMap<string, Float64Array>;

/** Tensors of their own. */
export function copies(arrays: Arrays, shapeOf: (name: string) => Shape): Tensors {
  return Object.fromEntries([...arrays].map(([name, data]) => [name, { shape: shapeOf(name), data: data.slice() }]));
}
