// Flags of a training run → settings of fit.
import type { FitSettings } from '@unrolled/core';
import { type Flag, type FlagValues, invalid, parseNumber } from './flag.ts';

/** Flags that decide how training goes. */
export const RUN_FLAGS: readonly Flag[] = [
  { name: 'epochs', value: 'N', description: 'passes over the training examples; default 5' },
  { name: 'batch-size', value: 'N', description: 'sequences in a batch; default 32' },
  { name: 'seed', value: 'N', description: 'decides every random draw; default 1' },
  {
    name: 'validation',
    value: 'SHARE|SPLIT|FILE',
    description: 'a share of the examples (0.1), a split of the data, or a file, to measure on after each epoch',
  },
  { name: 'early-stopping', value: 'N', description: 'stop after N epochs without improvement; keep the best weights' },
  { name: 'monitor', value: 'loss|accuracy', description: 'what early stopping looks at; default loss' },
  {
    name: 'class-weights',
    value: 'balanced|LIST',
    description: 'weight of each label: balanced, or negative=1,positive=2',
  },
  { name: 'calibrate', description: 'fit a temperature, so that probabilities match frequencies' },
  {
    name: 'threshold',
    value: 'P|accuracy|f1',
    description: 'probability from which on the second label is chosen, or what to tune it for',
  },
  { name: 'maximum-length', value: 'N', description: 'tokens kept of each text' },
  {
    name: 'stream',
    description: 'take all examples as one endless text, cut into --batch-size streams; for models of the next token',
  },
  { name: 'skip-empty', description: 'leave out empty texts instead of refusing them' },
];

/** What the flags say about a run; what they leave out is left to `fit`. @throws UnrolledError `FLAG_INVALID` */
export function runSettings(values: FlagValues): FitSettings {
  return defined({
    epochs: values.integer('epochs', 1),
    batchSize: values.integer('batch-size', 1),
    seed: values.integer('seed', 0),
    earlyStopping: earlyStopping(values),
    classWeights: classWeights(values.text('class-weights')),
    calibrate: values.flag('calibrate'),
    threshold: threshold(values.text('threshold')),
    maximumLength: values.integer('maximum-length', 1),
    stream: values.flag('stream'),
    emptyText: values.flag('skip-empty') ? ('skip' as const) : undefined,
  });
}

function earlyStopping(values: FlagValues): FitSettings['earlyStopping'] | undefined {
  const patience = values.integer('early-stopping', 1);
  const monitor = values.choice('monitor', ['loss', 'accuracy']);
  return patience === undefined && monitor === undefined ? undefined : defined({ patience, monitor });
}

function classWeights(text: string | undefined): FitSettings['classWeights'] | undefined {
  if (text === undefined || text === 'balanced') return text;
  const pairs = text.split(',').map((part) => {
    const at = part.lastIndexOf('=');
    if (at <= 0)
      throw invalid('class-weights', 'balanced, or a weight for each label such as negative=1,positive=2', text);
    return [part.slice(0, at).trim(), parseNumber('class-weights', part.slice(at + 1), false)] as const;
  });
  return Object.fromEntries(pairs);
}

function threshold(text: string | undefined): FitSettings['threshold'] | undefined {
  if (text === undefined) return undefined;
  if (text === 'accuracy' || text === 'f1') return { tune: text };
  const value = parseNumber('threshold', text, false);
  if (!(value > 0 && value < 1)) throw invalid('threshold', 'between 0 and 1, or accuracy or f1', text);
  return value;
}

/** `value` without the members that are undefined. */
export function defined<T extends object>(value: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}
