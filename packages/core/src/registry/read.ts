// Reads parts of a manifest from plain data: every mistake names its place, what was given and what was expected.
import { UnrolledError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { describe, type Json } from '../options.ts';

/** The error of a manifest that is not one. */
export function invalid(message: string, mend: string): UnrolledError {
  return new UnrolledError('MANIFEST_INVALID', message, { mend });
}

/** The error of a value that is not what its place needs. */
export function wrong(path: string, expected: string, value: unknown): UnrolledError {
  return invalid(`${path} must be ${expected}, but ${describe(value)} was given.`, 'Correct it in the manifest.');
}

/** The members of an object that may have the keys `known` and no other. `path` is empty for the manifest itself. */
export function members<K extends string>(
  value: unknown,
  path: string,
  known: readonly K[],
): Readonly<Partial<Record<K, unknown>>> {
  const place = path === '' ? 'A manifest' : path;
  if (!isObject(value)) throw wrong(place, `an object with ${known.join(', ')}`, value);
  for (const key of Object.keys(value))
    if (!(known as readonly string[]).includes(key)) throw unknownKey(key, path, known);
  return value as Readonly<Partial<Record<K, unknown>>>;
}

function unknownKey(key: string, path: string, known: readonly string[]): UnrolledError {
  const near = nearest(key, known);
  const guess = near === undefined ? '' : `Did you mean ${JSON.stringify(near)}? `;
  const place = path === '' ? 'a manifest' : path;
  return invalid(`${JSON.stringify(key)} is not a key of ${place}.`, `${guess}Its keys are ${known.join(', ')}.`);
}

/** Whether `value` is an object with members, as JSON has them. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One of a few words, or undefined where it is left out. */
export function word<const W extends string>(value: unknown, path: string, words: readonly W[]): W | undefined {
  if (value === undefined || words.includes(value as W)) return value as W | undefined;
  const near = typeof value === 'string' ? nearest(value, words) : undefined;
  const mend = near === undefined ? undefined : `Did you mean ${JSON.stringify(near)}?`;
  return fail(path, `one of ${words.join(', ')}`, value, mend);
}

/** A number that passes `test`, or undefined where it is left out. */
export function numberThat(
  value: unknown,
  path: string,
  expected: string,
  test: (value: number) => boolean,
): number | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value) && test(value))) return value;
  return fail(path, expected, value);
}

/** A text that passes `test`, or undefined where it is left out. */
export function textThat(
  value: unknown,
  path: string,
  expected: string,
  test: (value: string) => boolean,
): string | undefined {
  if (value === undefined || (typeof value === 'string' && test(value))) return value;
  return fail(path, expected, value);
}

/** The members of `value` that are given: an optional key is left out, never undefined. */
export function given<T extends object>(value: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}

function fail(path: string, expected: string, value: unknown, mend?: string): never {
  throw mend === undefined
    ? wrong(path, expected, value)
    : invalid(`${path} must be ${expected}, but ${describe(value)} was given.`, mend);
}

const DEEPEST = 64;

/** A copy of plain data; members that are undefined are left out. @throws UnrolledError `MANIFEST_INVALID` for what JSON can't hold. */
export function plainCopy(value: unknown, path: string, depth = 0): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth > DEEPEST)
    throw invalid(`${path} is nested more than ${DEEPEST} deep.`, 'Write it flatter, as a manifest is.');
  if (Array.isArray(value)) return value.map((item, index) => plainCopy(item, `${path}[${index}]`, depth + 1));
  if (!isObject(value)) throw wrong(path, 'a value that JSON can hold', value);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [key, plainCopy(member, join(path, key), depth + 1)]));
}

/** The path of a member. */
export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
