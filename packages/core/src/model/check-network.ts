// The shape of a saved network's description: every field is what a backend expects, so that a mangled one is named, not run.
import type { NetworkDescription } from '../contracts/network.ts';
import { describe, type Json } from '../options.ts';
import { corrupt, isRecord } from './file-set.ts';
import { modelKind } from './format.ts';

type Value = Json | undefined;
type Check = (value: Value, path: string) => void;

/** Whether each field is there and of its kind; what the equations say is the language's to check. @throws UnrolledError `MODEL_CORRUPT` */
export function checkNetwork(value: Value): asserts value is NetworkDescription & Json {
  network(value, 'network');
}

const text = one((value) => typeof value === 'string', 'a text');
const number = one((value) => typeof value === 'number', 'a number');
const flag = one((value) => typeof value === 'boolean', 'true or false');
const size = one((value) => Number.isSafeInteger(value) && (value as number) > 0, 'a whole number of at least 1');
const rate = one((value) => typeof value === 'number' && value >= 0 && value < 1, 'a rate from 0, below 1');
const initializer = record({ init: text });
const shape = list(one((value) => typeof value === 'string' || Number.isSafeInteger(value), 'a size or its name'));

const module = record({
  name: text,
  equations: text,
  parameters: every(record({ init: initializer, shape: optional(shape) })),
  sizes: every(size),
  constants: every(number),
  shapes: every(shape),
  initial: every(word('zero', 'given', 'learned')),
  output: text,
});

const layer = record({
  module,
  direction: word('forward', 'backward', 'both'),
  dropout: record({ input: optional(rate), inputSequence: optional(rate), output: optional(rate) }),
  residual: optional(flag),
  begin: optional(module),
});

const input: Check = (value, path) => {
  const ids = isRecord(value) && value.kind === 'ids';
  record({ kind: word('ids', 'vectors', 'bag'), [ids ? 'vocabulary' : 'size']: size, module: optional(module) })(
    value,
    path,
  );
};

const network = record({
  input,
  // What is saved has the whole encoder; a memory is handed over while decoding.
  source: optional(record({ kind: word('encoder'), input, layers: list(layer) })),
  layers: list(layer),
  attention: optional(module),
  output: module,
  loss: optional(module),
  target: record({ kind: word('class', 'values'), size, per: word('sequence', 'step') }),
  optimizer: optional(module),
  clip: optional(record({ norm: optional(number), value: optional(number) })),
});

function one(test: (value: Value) => boolean, expected: string): Check {
  return (value, path) => {
    if (!test(value)) throw misplaced(path, expected, value);
  };
}

function word(...words: readonly string[]): Check {
  const expected = `one of ${words.map((each) => JSON.stringify(each)).join(', ')}`;
  return one((value) => words.includes(value as string), expected);
}

function optional(check: Check): Check {
  return (value, path) => {
    if (value !== undefined) check(value, path);
  };
}

function list(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw misplaced(path, 'an array', value);
    value.forEach((item, index) => {
      check(item, `${path}[${index}]`);
    });
  };
}

function every(check: Check): Check {
  return (value, path) => {
    if (!isRecord(value)) throw misplaced(path, 'an object', value);
    for (const [key, member] of Object.entries(value)) check(member, `${path}.${key}`);
  };
}

function record(fields: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isRecord(value)) throw misplaced(path, 'an object', value);
    for (const [key, check] of Object.entries(fields)) check(value[key], `${path}.${key}`);
  };
}

function misplaced(path: string, expected: string, value: Value): Error {
  return corrupt(modelKind, modelKind.head, `"${path}" must be ${expected}, but ${describe(value)} was found`);
}
