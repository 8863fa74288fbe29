// What is the task's own: the equations of each pool, and how it is used alone.
import { isUnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import { manyToOne, manyToOneTask } from '../src/index.ts';

test('alone it is the module of the plug-in, with defaults filled in', () => {
  expect(manyToOneTask(3)).toEqual(manyToOne.module({ pool: 'last', dropout: 0 }, 3));
  expect(manyToOneTask(2, { pool: 'max', dropout: 0.5 })).toEqual(manyToOne.module({ pool: 'max', dropout: 0.5 }, 2));
});

test.each(['last', 'mean', 'max'] as const)('pools by %s, with dropout only where it is asked for', (pool) => {
  const lines = (dropout: number) =>
    manyToOneTask(2, { pool, dropout })
      .equations.split('\n')
      .map((line) => line.trim());
  expect(lines(0)).toContain(`p = ${pool}_s(h[s])`);
  expect(lines(0)).toContain('y = Why @ p + by');
  expect(lines(0.2)).toContain('y = Why @ dropout(p, dropout) + by');
});

test('wrong options are refused', () => {
  let refusal: unknown;
  try {
    manyToOneTask(2, { pool: 'sum' as never });
  } catch (error) {
    refusal = error;
  }
  expect(isUnrolledError(refusal, 'OPTION_INVALID')).toBe(true);
  expect((refusal as Error).message).toMatch(/task "many-to-one": option "pool" must be one of last, mean, max/);
});
