// How wrong settings are refused: unknown names, and values of another form than is expected.
import { UnrolledError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { describe } from '../options.ts';

/**
 * Refuses what is no object, and names that are not `known`.
 * @param of - what the settings are of, for messages: `fit`.
 * @throws UnrolledError `SETTING_INVALID`
 */
export function checkKnown(given: unknown, known: readonly string[], of: string): void {
  const list = `Settings are ${known.join(', ')}.`;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(`Settings of ${of} must be an object, but ${describe(given)} was given.`, list);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw invalid(`"${name}" is not a setting of ${of}.`, near ? `Did you mean "${near}"?` : list);
  }
}

/** A whole number of at least `least`. @throws UnrolledError `SETTING_INVALID` */
export function checkWhole(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  return refuse(name, `a whole number of at least ${least}`, value);
}

/** @throws UnrolledError `SETTING_INVALID` */
export function refuse(name: string, expected: string, given: unknown): never {
  throw invalid(
    `"${name}" must be ${expected}, but ${describe(given)} was given.`,
    `Give ${expected}, or leave it out.`,
  );
}

/** The error of a wrong setting. */
export function invalid(message: string, mend: string): UnrolledError {
  return new UnrolledError('SETTING_INVALID', message, { mend });
}
