// Flags of how a sequence is searched for or drawn → settings of predict, and of generate.
import type { DecodeSettings, Learns, SampleSettings } from '@unrolled/core';
import { usageError } from '../usage.ts';
import type { Flag, FlagValues } from './flag.ts';
import { defined } from './run-flags.ts';

/** Flags of how tokens are drawn. */
export const SAMPLE_FLAGS: readonly Flag[] = [
  { name: 'temperature', value: 'T', description: 'below 1 the likeliest become likelier; default 1' },
  { name: 'top-k', value: 'K', description: 'draw from the K likeliest tokens alone' },
  { name: 'top-p', value: 'P', description: 'draw from the fewest likeliest whose probabilities reach P' },
  { name: 'seed', value: 'N', description: 'decides every draw; default 1' },
];

/** Flags of how an answer is written by a model that generates a sequence. */
export const DECODE_FLAGS: readonly Flag[] = [
  { name: 'beam', value: 'N', description: 'beginnings kept at each step; default 1, the likeliest token each time' },
  {
    name: 'length-penalty',
    value: 'X',
    description: 'a beam compares log-probability / length^X; above 0 for longer answers; default 0',
  },
  { name: 'maximum-length', value: 'N', description: 'tokens of an answer at most; default 64' },
  { name: 'attention', description: 'write how much each token looked at each step of the input, too' },
  { name: 'sample', description: 'draw tokens instead of searching' },
  ...SAMPLE_FLAGS,
];

/** What the flags say about drawing. @throws UnrolledError `FLAG_INVALID` */
export function sampleSettings(values: FlagValues): SampleSettings {
  const temperature = values.number('temperature');
  if (temperature !== undefined && !(temperature > 0))
    throw usageError(
      'FLAG_INVALID',
      `--temperature must be greater than 0, but ${temperature} was given.`,
      'For the likeliest token each time write --top-k 1.',
    );
  return defined({
    temperature,
    topK: values.integer('top-k', 1),
    topP: values.numberThat('top-p', 'above 0 and at most 1', (share) => share > 0 && share <= 1),
    seed: values.integer('seed', 0),
  });
}

/** What the flags say about writing an answer. @throws UnrolledError `FLAG_INVALID` */
export function decodeSettings(values: FlagValues): DecodeSettings {
  const drawn = SAMPLE_FLAGS.map(({ name }) => name).filter((name) => values.has(name));
  const sample = sampleSettings(values);
  const beam = values.integer('beam', 1);
  if (drawn.length > 0 && !values.flag('sample'))
    throw usageError('FLAG_INVALID', `--${drawn[0]} is about drawing tokens.`, 'Add --sample, or leave it out.');
  if (values.flag('sample') && (beam ?? 1) > 1)
    throw usageError(
      'FLAG_INVALID',
      '--sample draws one sequence, so it does not go with --beam.',
      'Leave out one of them.',
    );
  return defined({
    beam,
    lengthPenalty: values.numberThat('length-penalty', 'at least 0', (penalty) => penalty >= 0),
    maximumLength: values.integer('maximum-length', 1),
    attention: values.flag('attention'),
    sample: values.flag('sample') ? sample : undefined,
  });
}

/** Refuses those flags where the model writes no answer. @throws UnrolledError `FLAG_INVALID` */
export function checkGenerates(values: FlagValues, learns: Learns): void {
  const given = DECODE_FLAGS.find(({ name }) => values.has(name));
  if (given === undefined || learns === 'sequence') return;
  throw usageError(
    'FLAG_INVALID',
    `--${given.name} is about sequences that a model generates, but this one ${answers[learns]}.`,
    learns === 'next' ? 'Leave it out, or let it go on writing: generate MODEL PROMPT.' : 'Leave it out.',
  );
}

const answers = {
  label: 'gives a text one label',
  labels: 'gives each step a label',
  number: 'gives a number',
  next: 'tells what may come next',
} as const satisfies Readonly<Record<Exclude<Learns, 'sequence'>, string>>;
