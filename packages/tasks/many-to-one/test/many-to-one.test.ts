// What is the task's own: the equations of each pool, and how it is used alone.
import { referenceBackend } from '@unrolled/backend-reference';
import { isUnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import { manyToOne, manyToOneTask } from '../src/index.ts';

test('alone it is the module of the plug-in, with defaults filled in', () => {
  expect(manyToOneTask(3)).toEqual(manyToOne.module({ pool: 'last', dropout: 0, hidden: 0 }, 3));
  expect(manyToOneTask(2, { pool: 'max', dropout: 0.5 })).toEqual(
    manyToOne.module({ pool: 'max', dropout: 0.5, hidden: 0 }, 2),
  );
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

test('with a hidden layer it is a perceptron on the pooled value', async () => {
  const executable = await referenceBackend()(
    {
      language: 1,
      input: { kind: 'vectors', size: 3 },
      layers: [],
      output: manyToOneTask(2, { pool: 'mean', hidden: 2 }),
      target: { kind: 'class', size: 2, per: 'sequence' },
    },
    {},
  );
  const shapes = executable.parameters.map(({ name, shape }) => [name, shape]);
  expect(Object.fromEntries(shapes)).toEqual({
    'output.Whz': [2, 3],
    'output.bz': [2],
    'output.Wzy': [2, 2],
    'output.by': [2],
  });
  const tensor = (shape: readonly number[], ...values: number[]) => ({ shape, data: Float64Array.from(values) });
  await executable.write({
    parameters: {
      'output.Whz': tensor([2, 3], 1, 0, 0, 0, 1, -1),
      'output.bz': tensor([2], 0, 1),
      'output.Wzy': tensor([2, 2], 1, 2, -1, 0),
      'output.by': tensor([2], 0, 10),
    },
  });
  const batch = {
    size: 2,
    time: 2,
    inputs: { x: Float64Array.of(1, 2, 0, -3, 0, 5, 3, 4, 2, 99, 99, 99) },
    lengths: Int32Array.of(2, 1),
    exampleIndex: Int32Array.of(0, 1),
    start: Int32Array.of(0, 0),
  };
  const { output } = await executable.forward(batch, executable.initialState(2), { mode: 'infer' });
  // means (2, 3, 1) and (-3, 0, 5); rectified (2, 3) and (0, 0)
  expect([...output.data]).toEqual([8, 8, 0, 10]);
  executable.dispose();
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
