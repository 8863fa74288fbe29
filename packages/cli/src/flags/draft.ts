// A manifest under construction: plain objects that flags change part by part.
import type { Json } from '@unrolled/core';

/** A manifest, or a slot of it. */
export type Draft = { [key: string]: Json };

/** An object, or an empty one in place of anything else. */
export function asDraft(value: Json | undefined): Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Draft) : {};
}
