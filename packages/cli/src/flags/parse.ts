// Splits a command line into flags and arguments (by node:util's parseArgs) and refuses what it doesn't know.
import { parseArgs } from 'node:util';
import { nearest } from '@unrolled/core';
import { usageError } from '../usage.ts';
import { type Flag, FlagValues, invalid } from './flag.ts';

/** A command line, split. */
export interface Parsed {
  readonly values: FlagValues;
  /** Arguments that are no flags; all that follow `--` among them. */
  readonly positionals: readonly string[];
}

/** Flags that other libraries call otherwise: only to say what they are called here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  lr: 'learning-rate',
  dim: 'vectorizer-size',
  epoch: 'epochs',
  batch: 'batch-size',
  output: 'out',
  o: 'out',
  bidirectional: 'direction both',
  hidden: 'units',
  'hidden-size': 'units',
  'min-count': 'minimum-count',
  mincount: 'minimum-count',
  'word-ngrams': 'tokenizer ngrams',
  wordngrams: 'tokenizer ngrams',
  'validation-split': 'validation',
  patience: 'early-stopping',
  'class-weight': 'class-weights',
  sep: 'delimiter',
  length: 'max-tokens',
  'max-length': 'max-tokens',
  'max-new-tokens': 'max-tokens',
  'maximum-tokens': 'max-tokens',
  topk: 'top-k',
  topp: 'top-p',
};

/**
 * Splits `argv` by `flags`.
 * @throws UnrolledError `FLAG_UNKNOWN` with the nearest flag, `FLAG_INVALID` for a missing or superfluous value
 */
export function parseFlags(argv: readonly string[], flags: readonly Flag[]): Parsed {
  const options = Object.fromEntries(
    flags.map(({ name, value, short }) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short && { short }) },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false, // the checks below say more than parseArgs does
    allowPositionals: true,
    allowNegative: true,
    tokens: true,
  });
  const byName = new Map(flags.map((flag) => [flag.name, flag]));
  const given = new Map<string, (string | boolean)[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { flag, value } = readToken(token, byName);
    const values = given.get(flag.name);
    if (values && !flag.many)
      throw usageError('FLAG_INVALID', `--${flag.name} was given twice.`, 'Leave one of them out.');
    given.set(flag.name, [...(values ?? []), value]);
  }
  return { values: new FlagValues(given), positionals };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function readToken(
  { name, rawName, value, inlineValue }: OptionToken,
  flags: ReadonlyMap<string, Flag>,
): { readonly flag: Flag; readonly value: string | boolean } {
  const negated = rawName.startsWith('--no-');
  const flag = flags.get(negated ? rawName.slice(5) : name);
  if (!flag || (negated && flag.value !== undefined)) throw unknownFlag(rawName, [...flags.keys()]);
  if (flag.value === undefined) {
    if (negated) return { flag, value: false };
    if (value === undefined || value === 'true') return { flag, value: true };
    if (value === 'false') return { flag, value: false };
    throw invalid(flag.name, 'true or false', value);
  }
  // `--units --cell lstm`: the value was forgotten. A lone dash is stdin, and a number may be negative.
  const forgotten = value === undefined || (!inlineValue && /^--?[a-z]/i.test(value));
  if (forgotten) throw usageError('FLAG_INVALID', `${rawName} needs a value.`, `Write ${rawName} ${flag.value}.`);
  return { flag, value };
}

function unknownFlag(rawName: string, known: readonly string[]): Error {
  const bare = rawName.replace(/^--?/, '');
  const elsewhere = ELSEWHERE[bare.toLowerCase()];
  const near = elsewhere && known.includes(elsewhere.split(' ')[0] as string) ? elsewhere : nearest(bare, known);
  return usageError(
    'FLAG_UNKNOWN',
    `There is no flag ${rawName}.`,
    near ? `Did you mean --${near}?` : 'Add --help to see those there are.',
  );
}
