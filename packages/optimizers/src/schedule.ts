// Learning rates that change with the updates.
import { cos, pow } from '@unrolled/core';

/** How a learning rate goes on from its first value; `warmup` updates rise to it in a line before. */
export type Schedule =
  | { readonly kind: 'constant'; readonly warmup?: number }
  /** Times `factor` after every `every` updates. */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number; readonly warmup?: number }
  /** Times `factor` after every update. */
  | { readonly kind: 'exponential'; readonly factor: number; readonly warmup?: number }
  /** In a line to `final` times the first value at the end of the run. */
  | { readonly kind: 'linear'; readonly final: number; readonly warmup?: number }
  /** Along half a cosine to `final` times the first value at the end of the run (Loshchilov and Hutter 2017, equation 5). */
  | { readonly kind: 'cosine'; readonly final: number; readonly warmup?: number };

/**
 * Learning rate of an update.
 * @param update - number of updates made before it.
 * @param updates - planned in the whole run.
 */
export function scheduledRate(first: number, schedule: Schedule, update: number, updates: number): number {
  const warmup = schedule.warmup ?? 0;
  if (update < warmup) return (first * (update + 1)) / warmup;
  const since = update - warmup;
  const done = Math.min(1, since / Math.max(1, updates - warmup));
  switch (schedule.kind) {
    case 'constant':
      return first;
    case 'step':
      return first * pow(schedule.factor, Math.floor(since / schedule.every));
    case 'exponential':
      return first * pow(schedule.factor, since);
    case 'linear':
      return first * (1 + (schedule.final - 1) * done);
    case 'cosine':
      return first * (schedule.final + ((1 - schedule.final) * (1 + cos(Math.PI * done))) / 2);
  }
}

/** What is wrong with a schedule given as data, or undefined. */
export function scheduleProblem(schedule: Schedule): string | undefined {
  const kinds = ['constant', 'step', 'exponential', 'linear', 'cosine'];
  if (typeof schedule !== 'object' || schedule === null || !kinds.includes(schedule.kind))
    return `must be an object whose kind is one of ${kinds.join(', ')}`;
  const known = {
    constant: [],
    step: ['every', 'factor'],
    exponential: ['factor'],
    linear: ['final'],
    cosine: ['final'],
  };
  const needed: readonly string[] = known[schedule.kind];
  const numbers = schedule as unknown as Record<string, unknown>;
  const missing = needed.find((name) => typeof numbers[name] !== 'number' || !((numbers[name] as number) >= 0));
  if (missing !== undefined) return `of kind ${schedule.kind} needs a number "${missing}" of at least 0`;
  const extra = Object.keys(schedule).find((name) => name !== 'kind' && name !== 'warmup' && !needed.includes(name));
  if (extra !== undefined)
    return `of kind ${schedule.kind} has no "${extra}"; it has ${['warmup', ...needed].join(', ')}`;
  if (schedule.kind === 'step' && !(schedule.every >= 1)) return 'of kind step needs "every" of at least 1';
  if (schedule.warmup !== undefined && !(Number.isInteger(schedule.warmup) && schedule.warmup >= 0))
    return 'needs a whole number of updates as "warmup"';
  return undefined;
}
