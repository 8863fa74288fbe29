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

/** Everything that is wanted is there: to the bit, or where `tolerance` is more than 0 near enough. */
export function expectAlike(found: unknown, wanted: unknown, tolerance: number): void {
  if (tolerance === 0) expect(found).toEqual(wanted);
  else if (isNumbers(wanted)) expect(relativeError(found as number[], wanted)).toBeLessThan(tolerance);
  else if (typeof wanted === 'number') expect(relativeError([found as number], [wanted])).toBeLessThan(tolerance);
  else
    for (const [name, value] of Object.entries(wanted as object))
      expectAlike((found as Record<string, unknown>)[name], value, tolerance);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}
