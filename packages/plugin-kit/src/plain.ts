// Plain data: whether two values are the same, and whether a value survives JSON.
import { expectThat } from './check.ts';

/** Whether two values are equal in every member; numbers bit for bit but for the sign of zero. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b) || ArrayBuffer.isView(a) !== ArrayBuffer.isView(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
  );
}

/** A copy by way of JSON. */
export function throughJson<T>(value: T): T {
  const text = JSON.stringify(value);
  return text === undefined ? (undefined as T) : JSON.parse(text);
}

/** @throws UnrolledError `CONFORMANCE` where `value` changes on its way through JSON. */
export function expectPlain(what: string, value: unknown): void {
  expectThat(
    same(throughJson(value), value),
    `${what} must be plain data, but JSON changes it: ${JSON.stringify(value)}`,
  );
}
