// Optimizers without a registry: their equation modules; and what their schedules refuse.
import { isUnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import {
  adam,
  adamOptimizer,
  adamw,
  adamwOptimizer,
  momentum,
  momentumOptimizer,
  rmsprop,
  rmspropOptimizer,
  type Schedule,
  sgd,
  sgdOptimizer,
} from '../src/index.ts';

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(isUnrolledError(error, 'OPTION_INVALID')).toBe(true);
    return (error as Error).message;
  }
  return 'taken';
}

test('each is the module of its plug-in, with defaults filled in', () => {
  expect(sgdOptimizer()).toEqual(sgd.module(sgd.options.defaults));
  expect(rmspropOptimizer()).toEqual(rmsprop.module(rmsprop.options.defaults));
  expect(adamOptimizer({ beta1: 0.5 })).toEqual(adam.module({ ...adam.options.defaults, beta1: 0.5 }));
  expect(adamwOptimizer()).toEqual(adamw.module(adamw.options.defaults));
  expect(momentumOptimizer({ nesterov: true })).toEqual(
    momentum.module({ ...momentum.options.defaults, nesterov: true }),
  );
  expect(momentumOptimizer({ nesterov: true }).equations).not.toBe(momentumOptimizer().equations);
});

test('numbers out of their range are refused', () => {
  expect(refusalOf(() => adamOptimizer({ beta1: 1.5 }))).toMatch(
    'optimizer "adam": option "beta1" must be a number from 0 to 1, but 1.5 was given.',
  );
  expect(refusalOf(() => sgdOptimizer({ learningRate: -1 }))).toMatch(
    'must be a number of at least 0, but -1 was given',
  );
});

test.each<[unknown, string]>([
  [undefined, 'taken'],
  [null, 'must be an object whose kind is one of constant, step, exponential, linear, cosine'],
  [{ kind: 'triangle' }, 'must be an object whose kind is one of constant'],
  [{ kind: 'step', every: 10 }, 'of kind step needs a number "factor" of at least 0'],
  [{ kind: 'step', every: 0, factor: 0.5 }, 'of kind step needs "every" of at least 1'],
  [{ kind: 'cosine', final: -1 }, 'of kind cosine needs a number "final" of at least 0'],
  [{ kind: 'cosine', final: 0, every: 3 }, 'of kind cosine has no "every"; it has warmup, final'],
  [{ kind: 'constant', warmup: 1.5 }, 'needs a whole number of updates as "warmup"'],
  [{ kind: 'linear', final: 0, warmup: 10 }, 'taken'],
])('the schedule %j', (schedule, said) => {
  const refusal = refusalOf(() => sgdOptimizer(schedule === undefined ? {} : { schedule: schedule as Schedule }));
  expect(refusal).toContain(said);
});
