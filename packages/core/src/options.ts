// Option schemas: fields with defaults, bounds and descriptions, usable as a Standard Schema (standardschema.dev, version 1).
import { UnrolledError } from './errors.ts';

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One option: its type, default, bounds and description, from which flags, forms and docs are generated. */
export interface OptionField<T> {
  /** What it holds. `size` is a whole number that equations may use as a size. */
  readonly type: 'flag' | 'integer' | 'size' | 'number' | 'choice' | 'text' | 'data';
  /** Value when it is left out. */
  readonly default: T;
  /** One sentence for help texts. */
  readonly description: string;
  /** Smallest value allowed. */
  readonly minimum?: number;
  /** Largest value allowed. */
  readonly maximum?: number;
  /** Values of a choice. */
  readonly choices?: readonly string[];
  /** A further check: a sentence about what is wrong, or undefined. */
  readonly check?: (value: T) => string | undefined;
}

/** Fields of an options interface. */
export type OptionFields<O> = { readonly [K in keyof O]-?: OptionField<O[K]> };

interface StandardResult<O> {
  readonly value?: O;
  readonly issues?: readonly { readonly message: string; readonly path: readonly string[] }[];
}

/** Options with defaults: a Standard Schema whose fields can be listed. */
export interface OptionsSchema<O> {
  /** Every option by name. */
  readonly fields: OptionFields<O>;
  /** All defaults. */
  readonly defaults: O;
  /** The Standard Schema interface. */
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'unrolled';
    /** The options with defaults filled in, or what is wrong with them. */
    readonly validate: (value: unknown) => StandardResult<O>;
    readonly types?: { readonly input: Partial<O>; readonly output: O };
  };
}

/** A schema of `fields`. Write the options as an interface and pass it as `O`, so that types stay wide. */
export function defineOptions<O>(fields: OptionFields<O>): OptionsSchema<O> {
  const entries = Object.entries(fields) as [string, OptionField<unknown>][];
  const defaults = Object.fromEntries(entries.map(([name, field]) => [name, field.default])) as O;
  const validate = (value: unknown): StandardResult<O> => {
    if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value)))
      return { issues: [{ message: `options must be an object, but ${describe(value)} was given`, path: [] }] };
    const given = (value ?? {}) as Record<string, unknown>;
    const issues = Object.entries(given).flatMap(([name, option]) => {
      const field = Object.hasOwn(fields, name) ? (fields as Record<string, OptionField<unknown>>)[name] : undefined;
      const message = field ? problem(field, option) : unknownOption(Object.keys(fields));
      return message === undefined ? [] : [{ message, path: [name] }];
    });
    const present = Object.entries(given).filter(([, option]) => option !== undefined);
    return issues.length > 0 ? { issues } : { value: { ...defaults, ...Object.fromEntries(present) } };
  };
  return { fields, defaults, '~standard': { version: 1, vendor: 'unrolled', validate } };
}

/**
 * Checks `value` and fills in defaults.
 * @param owner - for the message: `cell "lstm"`.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function parseOptions<O>(schema: OptionsSchema<O>, value: unknown, owner: string): O {
  const result = schema['~standard'].validate(value);
  if (result.issues) {
    const said = result.issues.map(({ message, path }) =>
      path.length > 0 ? `option "${path.join('.')}" ${message}` : message,
    );
    throw new UnrolledError('OPTION_INVALID', `${owner}: ${said.join('; ')}.`, {
      mend: 'Correct that, or leave it out for the default.',
      data: { issues: result.issues },
    });
  }
  return result.value as O;
}

/** A yes/no option. Equations see 1 or 0. */
export function flag(value: boolean, description: string): OptionField<boolean> {
  return { type: 'flag', default: value, description };
}

/** A whole number that equations may use as a size, such as `units`. */
export function size(value: number, description: string): OptionField<number> {
  return { type: 'size', default: value, description, minimum: 1, maximum: 1 << 24 };
}

/** A whole number. */
export function integer(value: number, description: string, bounds: Bounds = {}): OptionField<number> {
  return { type: 'integer', default: value, description, ...bounds };
}

/** A number. Equations see it as a constant. */
export function number(value: number, description: string, bounds: Bounds = {}): OptionField<number> {
  return { type: 'number', default: value, description, ...bounds };
}

/** One of a few words. */
export function choice<const T extends string>(
  value: NoInfer<T>,
  choices: readonly T[],
  description: string,
): OptionField<T> {
  return { type: 'choice', default: value, description, choices };
}

/** A text. */
export function text(value: string, description: string): OptionField<string> {
  return { type: 'text', default: value, description };
}

/** Any JSON value with a check of its own: a sentence about what is wrong, or undefined. */
export function data<T>(value: T, description: string, check: (value: T) => string | undefined): OptionField<T> {
  return { type: 'data', default: value, description, check };
}

/** Bounds of a number, both inclusive. */
export interface Bounds {
  /** Smallest value allowed. */
  readonly minimum?: number;
  /** Largest value allowed. */
  readonly maximum?: number;
}

function problem(field: OptionField<unknown>, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const wrong = (expected: string) => `must be ${expected}, but ${describe(value)} was given`;
  switch (field.type) {
    case 'flag':
      if (typeof value !== 'boolean') return wrong('true or false');
      break;
    case 'text':
      if (typeof value !== 'string') return wrong('a text');
      break;
    case 'choice':
      if (!field.choices?.includes(value as string)) return wrong(`one of ${field.choices?.join(', ')}`);
      break;
    case 'integer':
    case 'size':
    case 'number': {
      const whole = field.type !== 'number';
      const bounds = boundsText(field);
      const kind = `${whole ? 'a whole number' : 'a number'}${bounds}`;
      if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
        return wrong(kind);
      if (value < (field.minimum ?? -Infinity) || value > (field.maximum ?? Infinity)) return wrong(kind);
      break;
    }
  }
  return field.check?.(value);
}

function boundsText({ minimum, maximum }: OptionField<unknown>): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

function unknownOption(known: readonly string[]): string {
  const list = known.length > 0 ? `options are ${known.join(', ')}` : 'there are no options';
  return `is not known; ${list}`;
}

/** A value as an error message shows it. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
