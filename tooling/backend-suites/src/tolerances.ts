// How near a backend must come, by the measure of DESIGN §4.
import type { Tensors } from '@unrolled/core';
import { relativeError } from '@unrolled/goldens';
import { expect } from 'vitest';

/** Largest errors allowed: max |a − b| ÷ max(1e-3, max |b|), of each tensor. */
export interface Tolerances {
  /** Of outputs, losses and states. */
  readonly forward: number;
  /** Of gradients. */
  readonly gradients: number;
}

/** Every tensor that is wanted is there, in its shape and near enough. */
export function expectTensors(what: string, found: Tensors, wanted: Tensors, tolerance: number): void {
  for (const [name, { shape, data }] of Object.entries(wanted)) {
    expect(found[name]?.shape, `${what} ${name}`).toEqual(shape);
    expect(relativeError(found[name]?.data ?? [], data), `${what} ${name}`).toBeLessThan(tolerance);
  }
}
