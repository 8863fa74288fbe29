// The settings that every backend takes, checked in one place, so that all refuse alike.
import type { CompileSettings } from './contracts/executable.ts';
import { UnrolledError } from './errors.ts';
import { MEMORY_FORM, memoryBytes } from './memory-size.ts';
import { nearest } from './nearest.ts';
import { describe } from './options.ts';

type Check = readonly [(value: unknown) => boolean, string];

const checks: Readonly<Record<keyof CompileSettings, Check>> = {
  precision: [(value) => value === 'float32' || value === 'float64', 'float32 or float64'],
  threads: [(value) => Number.isSafeInteger(value) && (value as number) >= 1, 'a whole number of at least 1'],
  memory: [(value) => memoryBytes(value) !== undefined, MEMORY_FORM],
  numerics: [(value) => value === 'exact' || value === 'fast', 'exact or fast'],
};

/** What the types say, for callers without types. @throws UnrolledError `OPTION_INVALID` */
export function checkCompileSettings(settings: CompileSettings): void {
  const known = Object.keys(checks);
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(checks, name)) throw unknownSetting(name, known);
    const [test, expected] = checks[name as keyof CompileSettings];
    if (value === undefined || test(value)) continue;
    throw new UnrolledError('OPTION_INVALID', `A backend was given ${name} ${describe(value)}.`, {
      mend: `Give ${expected}, or leave it out.`,
      data: { setting: name },
    });
  }
}

function unknownSetting(name: string, known: readonly string[]): UnrolledError {
  const near = nearest(name, known);
  return new UnrolledError('OPTION_INVALID', `A backend has no setting ${JSON.stringify(name)}.`, {
    mend: near ? `Did you mean ${JSON.stringify(near)}?` : `Settings are ${known.join(', ')}.`,
    data: { setting: name },
  });
}
