// What is the task's own: its equations, what it learns, and how it is used alone.
import { isUnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import { languageModel, languageModelTask } from '../src/index.ts';

test('alone it is the module of the plug-in, with defaults filled in', () => {
  expect(languageModelTask(3)).toEqual(languageModel.module({ dropout: 0 }, 3));
  expect(languageModelTask(2, { dropout: 0.5 })).toEqual(languageModel.module({ dropout: 0.5 }, 2));
  expect(languageModelTask(7).sizes.size).toBe(7);
});

test('sees the hidden state of each step, with dropout only where it is asked for', () => {
  expect(languageModelTask(2).equations).toBe('y[t] = Why @ h[t] + by');
  expect(languageModelTask(2, { dropout: 0.2 }).equations).toBe('y[t] = Why @ dropout(h[t], dropout) + by');
});

test('wrong options are refused', () => {
  let refusal: unknown;
  try {
    languageModelTask(2, { dropout: 1 });
  } catch (error) {
    refusal = error;
  }
  expect(isUnrolledError(refusal, 'OPTION_INVALID')).toBe(true);
  expect((refusal as Error).message).toContain('task "language-model": option "dropout"');
});
