// What the command line says to measure.
import { parseArgs } from 'node:util';
import { nearest } from '@unrolled/core';
import { type ShapeName, shapes } from './shapes.ts';

/** Names of the parts, in the order in which they run. */
export const partNames = [
  'training',
  'inference',
  'growth',
  'streaming',
  'one-hot',
  'serving',
  'cells',
  'start-up',
  'reviews',
  'shakespeare',
  'examples',
  'subwords',
  'bags',
  'word-vectors',
  'word-similarity',
] as const;

/** A part of the bench. */
export type PartName = (typeof partNames)[number];

/** Families of peers that can be left out. */
export const peerNames = [
  'tfjs-cpu',
  'tfjs-wasm',
  'tfjs-node',
  'keras',
  'pytorch',
  'onnxruntime',
  'scikit-learn',
  'gensim',
] as const;

/** A family of peers. */
export type PeerName = (typeof peerNames)[number];

/** Examples that the part `examples` compares. */
export const exampleNames = [
  'vowels',
  'gun-point',
  'language',
  'names',
  'tags',
  'video',
  'dates',
  'translation',
  'captioning',
] as const;

/** One of them. */
export type ExampleName = (typeof exampleNames)[number];

/** What to measure. */
export interface Settings {
  readonly parts: readonly PartName[];
  readonly shapes: readonly ShapeName[];
  readonly examples: readonly ExampleName[];
  /** Of each training of the parts `examples` and `shakespeare`; undefined: the example's own. */
  readonly epochs: number | undefined;
  /** Trainings of each side in the parts `examples` and `shakespeare`, with the seeds from 1 on. */
  readonly seeds: number;
  readonly without: readonly PeerName[];
  readonly rounds: number;
  /** Seconds that the rounds of one contender at one shape may take together. */
  readonly budget: number;
  /** Calls of the part `serving` after which memory is compared. */
  readonly calls: number;
  readonly help: boolean;
}

/** A mistake on the command line. */
export class UsageError extends Error {}

/** How to call it. */
export const usage = `npm run bench -- [options]
  --only PARTS      of ${partNames.join(', ')}; all where left out
  --shapes SHAPES   of ${Object.keys(shapes).join(', ')}; all where left out
  --examples NAMES  of ${exampleNames.join(', ')}; all where left out
  --epochs N        of each training of the parts examples and shakespeare; their own where left out
  --seeds N         trainings of each side in the parts examples and shakespeare; 3
  --without PEERS   of ${peerNames.join(', ')}
  --rounds N        interleaved rounds; 7
  --budget SECONDS  for all rounds of one contender at one shape; 60. Slow ones have fewer rounds, and the table says so
  --calls N         of the part serving, after which memory is compared; 100000
Lists are joined by commas.`;

/** Reads the arguments. @throws UsageError that says what was given and what there is. */
export function parseArguments(argv: readonly string[]): Settings {
  const values = parse(argv);
  return {
    parts: list('--only', values.only, partNames) ?? partNames,
    shapes: list('--shapes', values.shapes, Object.keys(shapes) as ShapeName[]) ?? (Object.keys(shapes) as ShapeName[]),
    examples: list('--examples', values.examples, exampleNames) ?? exampleNames,
    epochs: values.epochs === undefined ? undefined : count('--epochs', values.epochs, 1),
    seeds: count('--seeds', values.seeds, 3),
    without: list('--without', values.without, peerNames) ?? [],
    rounds: count('--rounds', values.rounds, 7),
    budget: count('--budget', values.budget, 60),
    calls: count('--calls', values.calls, 100_000),
    help: values.help ?? false,
  };
}

const options = {
  only: { type: 'string' },
  shapes: { type: 'string' },
  examples: { type: 'string' },
  epochs: { type: 'string' },
  seeds: { type: 'string' },
  without: { type: 'string' },
  rounds: { type: 'string' },
  budget: { type: 'string' },
  calls: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parse(argv: readonly string[]) {
  for (const argument of argv) {
    const name = /^--([^=]*)/.exec(argument)?.[1];
    if (name !== undefined && !(name in options))
      throw unknown(
        'option',
        `--${name}`,
        Object.keys(options).map((one) => `--${one}`),
      );
  }
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The members of `known` that `given` names, in the order of `known`. */
function list<T extends string>(
  option: string,
  given: string | undefined,
  known: readonly T[],
): readonly T[] | undefined {
  if (given === undefined) return undefined;
  const names = given
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new UsageError(`${option} names nothing; there is ${known.join(', ')}.`);
  for (const name of names)
    if (!(known as readonly string[]).includes(name)) throw unknown(`name after ${option}`, name, known);
  return known.filter((name) => names.includes(name));
}

function count(option: string, given: string | undefined, usual: number): number {
  if (given === undefined) return usual;
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`${option} takes a whole number from 1 on, not "${given}".`);
  return value;
}

function unknown(what: string, name: string, known: readonly string[]): UsageError {
  const near = nearest(name, known);
  return new UsageError(
    `Unknown ${what}: "${name}".${near ? ` Did you mean ${near}?` : ''} There is ${known.join(', ')}.`,
  );
}
