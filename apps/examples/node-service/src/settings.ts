// The settings of the service: a flag such as --stop-ms 5000, else a variable such as SERVICE_STOP_MS, else the default.
import { parseArgs } from 'node:util';
import { UnrolledError } from 'unrolled';
import { defaultLimits, type Limits } from './limits.ts';
import { defaultBackend, defaultFolder } from './pieces.ts';

/** What the service is started with. */
export interface Settings {
  /** The model's folder. */
  readonly model: string;
  /** Name of the backend that computes. */
  readonly backend: string;
  /** The address that it listens on. */
  readonly host: string;
  /** The port; 0 takes a free one. */
  readonly port: number;
  /** See {@link Limits}. */
  readonly limits: Limits;
}

const texts = { model: defaultFolder, backend: defaultBackend, host: '127.0.0.1' };
const numbers = { port: 8080, ...defaultLimits };
/** What makes sense as 0. */
const mayBeZero: readonly string[] = ['port', 'waitMs'];
/** Node's timers hold no more. */
const largest = 2 ** 31 - 1;

/** @throws UnrolledError `SETTING_INVALID` for an unknown flag or a value that is no number where one is needed */
export function readSettings(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Settings {
  const flags = readFlags(argv);
  const given = (name: string): string | undefined => flags[kebab(name)] ?? env[`SERVICE_${snake(name)}`];
  const read = (name: string, fallback: number): number => {
    const value = given(name);
    return value === undefined ? fallback : wholeNumber(name, value);
  };
  const { port, ...limits } = Object.fromEntries(
    Object.entries(numbers).map(([name, fallback]) => [name, read(name, fallback)]),
  ) as unknown as typeof numbers;
  return {
    model: given('model') ?? texts.model,
    backend: given('backend') ?? texts.backend,
    host: given('host') ?? texts.host,
    port,
    limits,
  };
}

function readFlags(argv: readonly string[]): Readonly<Record<string, string | undefined>> {
  const names = [...Object.keys(texts), ...Object.keys(numbers)].map(kebab);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (cause) {
    throw new UnrolledError('SETTING_INVALID', (cause as Error).message, {
      mend: `The flags are ${names.map((name) => `--${name}`).join(', ')}.`,
      cause,
    });
  }
}

function wholeNumber(name: string, given: string): number {
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  const least = mayBeZero.includes(name) ? 0 : 1;
  const most = name === 'port' ? 65_535 : largest;
  if (value >= least && value <= most) return value;
  throw new UnrolledError(
    'SETTING_INVALID',
    `--${kebab(name)} must be a whole number from ${least} to ${most}, but ${JSON.stringify(given)} was given.`,
  );
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function snake(name: string): string {
  return kebab(name).replaceAll('-', '_').toUpperCase();
}
