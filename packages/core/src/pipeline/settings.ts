// The settings of a run: what they are, their defaults, and the check that refuses wrong ones before anything starts.
import type { UnrolledError } from '../errors.ts';
import type { CheckpointStore } from '../model/checkpoint-store.ts';
import { describe, type Json } from '../options.ts';
import type { Examples } from './examples.ts';
import { checkKnown, invalid } from './setting-checks.ts';

/** Stops when a measure on the validation part no longer gets better. */
export interface EarlyStopping {
  /** What must get better: validation loss (down) or accuracy (up); `loss`. */
  readonly monitor?: 'loss' | 'accuracy';
  /** Epochs without improvement after which it stops, as in Keras; 1. */
  readonly patience?: number;
  /** Smallest change that counts as improvement; 0. */
  readonly minimumDelta?: number;
  /** Whether the best epoch's weights come back at the end; true. */
  readonly restoreBest?: boolean;
}

/** Where and how often checkpoints are written. */
export interface CheckpointSettings {
  /** A store, or (in Node) the path of a folder. */
  readonly to: CheckpointStore | string;
  /** How often: after every so many updates or epochs; every epoch. One is also written when a run is stopped. */
  readonly every?: { readonly updates: number } | { readonly epochs: number };
}

/** Settings of a run. What decides the result is recorded in the model. */
export interface FitSettings<Label extends string = string> {
  /** Passes over the training part; 5. */
  readonly epochs?: number;
  /** Sequences in a batch; 32. */
  readonly batchSize?: number;
  /** Decides every random draw; 1. A whole number from 0 to 2^53 − 1. */
  readonly seed?: number;
  /** A share of the examples in (0, 1), taken from each label alike, or examples of their own; none. */
  readonly validation?: number | Examples;
  /** Factor of each label's loss: `balanced` gives `examples ÷ (labels × examples of the label)` as scikit-learn does; 1. */
  readonly classWeights?: 'balanced' | Readonly<Partial<Record<Label, number>>>;
  /** Needs `validation`. */
  readonly earlyStopping?: EarlyStopping;
  /** Stops after the current step and keeps the weights. */
  readonly signal?: AbortSignal;
  /** Where and how often checkpoints are written; never. */
  readonly checkpoint?: CheckpointSettings;
  /**
   * Goes on from a checkpoint and ends in the same bits as an uninterrupted run. `true` takes the one in `checkpoint.to`, or
   * starts afresh where there is none yet; a store or path must hold one. Only `epochs` may differ from the first run.
   */
  readonly resume?: boolean | CheckpointStore | string;
  /** Fits one temperature on the validation part, so that probabilities match frequencies (Guo et al. 2017). Needs `validation`. */
  readonly calibrate?: boolean;
  /** With two labels: the probability of the second from which on it is chosen, or tuned on the validation part. */
  readonly threshold?: number | { readonly tune: 'accuracy' | 'f1' };
  /** What an empty or all-whitespace text means: an error (the default), or an example that is left out and counted. */
  readonly emptyText?: 'error' | 'skip';
  /** Steps kept of each example, from its start; all. Saved with the model. */
  readonly maximumLength?: number;
  /**
   * Takes all examples, in their order, as one endless text that is cut into `batchSize` contiguous streams, and carries the
   * state from window to window; false. For tasks that learn the next token, with a trainer that sees windows. A validation
   * share is then the end of the text.
   */
  readonly stream?: boolean;
  /**
   * Share of the tokens fed in training that are the network's own instead of the true ones (Bengio et al. 2015), reached
   * evenly by the last epoch; 0, which is teacher forcing. For tasks that learn a sequence.
   */
  readonly scheduledSampling?: number;
}

/** Settings with their defaults filled in. */
export type CheckedSettings = Required<
  Pick<FitSettings, 'epochs' | 'batchSize' | 'seed' | 'emptyText' | 'calibrate' | 'stream' | 'scheduledSampling'>
> & {
  readonly [K in 'validation' | 'classWeights' | 'signal' | 'checkpoint' | 'resume' | 'threshold' | 'maximumLength']:
    | FitSettings[K]
    | undefined;
} & {
  readonly earlyStopping: Required<EarlyStopping> | undefined;
};

const known: readonly (keyof FitSettings)[] = [
  'epochs',
  'batchSize',
  'seed',
  'validation',
  'classWeights',
  'earlyStopping',
  'signal',
  'checkpoint',
  'resume',
  'calibrate',
  'threshold',
  'emptyText',
  'maximumLength',
  'stream',
  'scheduledSampling',
];

/** Fills in defaults. @throws UnrolledError `SETTING_INVALID` */
export function checkSettings(given: FitSettings): CheckedSettings {
  checkKnown(given, known, 'fit');
  const settings: CheckedSettings = {
    epochs: whole('epochs', given.epochs ?? 5, 1),
    batchSize: whole('batchSize', given.batchSize ?? 32, 1),
    seed: whole('seed', given.seed ?? 1, 0),
    emptyText: word('emptyText', given.emptyText ?? 'error', ['error', 'skip']),
    calibrate: flag('calibrate', given.calibrate ?? false),
    validation: checkValidation(given.validation),
    classWeights: checkClassWeights(given.classWeights),
    earlyStopping: given.earlyStopping && checkEarlyStopping(given.earlyStopping),
    signal: given.signal,
    checkpoint: given.checkpoint && checkCheckpoint(given.checkpoint),
    resume: given.resume,
    threshold: checkThreshold(given.threshold),
    maximumLength: given.maximumLength === undefined ? undefined : whole('maximumLength', given.maximumLength, 1),
    stream: flag('stream', given.stream ?? false),
    scheduledSampling: checkShare('scheduledSampling', given.scheduledSampling ?? 0),
  };
  checkTogether(settings);
  return settings;
}

/** Settings as a model folder keeps them: plain data that decides the result. */
export function recordSettings(settings: CheckedSettings): Readonly<Record<string, Json>> {
  const { epochs, batchSize, seed, emptyText, calibrate, validation, classWeights, earlyStopping } = settings;
  const { threshold, maximumLength, stream, scheduledSampling } = settings;
  return JSON.parse(
    JSON.stringify({
      epochs,
      batchSize,
      seed,
      emptyText,
      calibrate,
      validation: typeof validation === 'object' ? 'given' : validation,
      classWeights,
      earlyStopping,
      threshold,
      maximumLength,
      ...(stream && { stream }),
      ...(scheduledSampling > 0 && { scheduledSampling }),
    }),
  );
}

function checkTogether({ validation, earlyStopping, calibrate, threshold, resume, checkpoint }: CheckedSettings): void {
  const needs = (name: string) =>
    invalid(`"${name}" needs a validation part, but none was given.`, 'Add for example validation: 0.1.');
  if (validation === undefined && earlyStopping) throw needs('earlyStopping');
  if (validation === undefined && calibrate) throw needs('calibrate');
  if (validation === undefined && typeof threshold === 'object') throw needs('threshold.tune');
  if (resume === true && !checkpoint)
    throw invalid(
      'resume: true goes on from the checkpoint in checkpoint.to, but no checkpoint was given.',
      "Add checkpoint: { to: 'folder' }, or give resume the folder.",
    );
}

function checkShare(name: string, share: number): number {
  if (share >= 0 && share <= 1) return share;
  throw wrong(name, 'a share from 0 to 1', share);
}

function checkValidation(validation: FitSettings['validation']): FitSettings['validation'] {
  if (validation === undefined) return undefined;
  if (typeof validation === 'number') {
    if (validation > 0 && validation < 1) return validation;
    throw wrong('validation', 'a share between 0 and 1 (neither included), or examples', validation);
  }
  if (typeof validation === 'object' && (Symbol.iterator in validation || Symbol.asyncIterator in validation))
    return validation;
  throw wrong('validation', 'a share between 0 and 1 (neither included), or examples', validation);
}

function checkClassWeights(weights: FitSettings['classWeights']): FitSettings['classWeights'] {
  if (weights === undefined || weights === 'balanced') return weights;
  if (typeof weights !== 'object' || weights === null)
    throw wrong('classWeights', '"balanced" or a weight for each label', weights);
  for (const [label, weight] of Object.entries(weights)) positive(`classWeights.${label}`, weight);
  return weights;
}

function checkEarlyStopping(given: EarlyStopping): Required<EarlyStopping> {
  const minimumDelta = given.minimumDelta ?? 0;
  if (!(Number.isFinite(minimumDelta) && minimumDelta >= 0))
    throw wrong('earlyStopping.minimumDelta', 'a number of at least 0', minimumDelta);
  return {
    monitor: word('earlyStopping.monitor', given.monitor ?? 'loss', ['loss', 'accuracy']),
    patience: whole('earlyStopping.patience', given.patience ?? 1, 1),
    minimumDelta,
    restoreBest: given.restoreBest ?? true,
  };
}

function checkCheckpoint(given: CheckpointSettings): CheckpointSettings {
  const { to, every } = given;
  if (typeof to !== 'string' && typeof to?.write !== 'function')
    throw wrong('checkpoint.to', 'a checkpoint store or the path of a folder', to);
  if (every !== undefined && (typeof every !== 'object' || every === null))
    throw wrong('checkpoint.every', '{ updates: 5 } or { epochs: 1 }', every);
  if (every && 'updates' in every) whole('checkpoint.every.updates', every.updates, 1);
  else if (every) whole('checkpoint.every.epochs', every.epochs, 1);
  return given;
}

function checkThreshold(threshold: FitSettings['threshold']): FitSettings['threshold'] {
  if (typeof threshold === 'number' && !(threshold > 0 && threshold < 1))
    throw wrong('threshold', 'a probability between 0 and 1 (neither included)', threshold);
  if (typeof threshold === 'object') word('threshold.tune', threshold.tune, ['accuracy', 'f1']);
  return threshold;
}

function flag(name: string, value: boolean): boolean {
  if (typeof value === 'boolean') return value;
  throw wrong(name, 'true or false', value);
}

function whole(name: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  const most = value > Number.MAX_SAFE_INTEGER ? ' and at most 2^53 − 1' : '';
  throw wrong(name, `a whole number of at least ${minimum}${most}`, value);
}

function positive(name: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0)
    throw wrong(name, 'a number greater than 0', value);
}

function word<const T extends string>(name: string, value: T, words: readonly T[]): T {
  if (words.includes(value)) return value;
  throw wrong(name, `one of ${words.join(', ')}`, value);
}

function wrong(name: string, expected: string, value: unknown): UnrolledError {
  return invalid(
    `"${name}" must be ${expected}, but ${describe(value)} was given.`,
    'Correct it, or leave it out for the default.',
  );
}
