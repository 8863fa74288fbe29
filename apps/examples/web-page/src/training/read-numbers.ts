// Reads a file that the page has saved.
import { UnrolledError } from '@unrolled/core';
import type { Numbers } from './numbers.ts';
import { readSettings } from './settings.ts';

/** @throws UnrolledError `NUMBERS_INVALID` for a text that the page has not saved */
export function readNumbers(text: string): Numbers {
  const { settings, steps, ...rest } = parse(text) as Partial<Numbers>;
  const typed = Object.fromEntries(Object.entries(settings ?? {}).map(([field, value]) => [field, String(value)]));
  const found = readSettings(typed);
  if ('faults' in found) throw invalid(`Its settings: ${Object.entries(found.faults).flat().join(' ')}`);
  const last = Array.isArray(steps) ? steps.at(-1)?.update : undefined;
  if (!Number.isInteger(last)) throw invalid('It has no steps.');
  return { ...(rest as Numbers), settings: found, steps: steps as Numbers['steps'] };
}

function parse(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch (cause) {
    throw invalid('It is no JSON.', cause);
  }
}

function invalid(why: string, cause?: unknown): UnrolledError {
  return new UnrolledError('NUMBERS_INVALID', `This is no file that the page has saved. ${why}`, {
    mend: 'Press "Save the numbers" in the page, and give that file.',
    cause,
  });
}
