// What is the task's own: how the states of a decoder begin, for any cell, and how it is used alone.
import { type EquationModule, isUnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import { encoderDecoder, encoderDecoderTask } from '../src/index.ts';

const cell = (equations: string, initial: EquationModule['initial'] = {}): EquationModule => ({
  name: 'cell',
  equations,
  parameters: {},
  sizes: { units: 6, projection: 2 },
  constants: {},
  shapes: { h: ['projection'] },
  initial,
  output: 'h',
});
const two = 'c[t] = c[t-1] + x[t]\nh[t] = Wp @ tanh(c[t]) + h[t-1]';
const begin = (given: 'last' | 'mean' | 'zero', of: EquationModule) =>
  encoderDecoder.begin?.({ begin: given, dropout: 0 }, of);

test('every state begins with a layer on the last step of the memory, of its own size', () => {
  const module = begin('last', cell(two));
  expect(module?.equations.split('\n')).toEqual([
    'p = last_s(m[s])',
    'c = tanh(Wbc @ p + bbc)',
    'h = tanh(Wbh @ p + bbh)',
  ]);
  expect(module?.shapes).toEqual({ c: ['units'], h: ['projection'] });
  expect(module?.sizes).toEqual({ units: 6, projection: 2 });
  expect(Object.keys(module?.parameters ?? {}).sort()).toEqual(['Wbc', 'Wbh', 'bbc', 'bbh']);
});

test('or on the mean of the memory, or at zero', () => {
  expect(begin('mean', cell(two))?.equations).toContain('p = mean_s(m[s])');
  expect(begin('zero', cell(two))).toBeUndefined();
});

test('a state that is learned or given stays so; where no other is left nothing begins', () => {
  expect(begin('last', cell(two, { c: 'learned' }))?.equations).not.toContain('Wbc');
  expect(begin('last', cell(two, { c: 'learned', h: 'given' }))).toBeUndefined();
  expect(begin('last', cell('h[t] = tanh(x[t])'))).toBeUndefined();
});

test('alone it is the module of the plug-in, with defaults filled in', () => {
  expect(encoderDecoderTask(3)).toEqual(encoderDecoder.module({ begin: 'last', dropout: 0 }, 3));
  expect(encoderDecoderTask(2, { dropout: 0.2 }).equations).toBe('y[t] = Why @ dropout(h[t], dropout) + by');
});

test('wrong options are refused', () => {
  let refusal: unknown;
  try {
    encoderDecoderTask(2, { begin: 'first' as never });
  } catch (error) {
    refusal = error;
  }
  expect(isUnrolledError(refusal, 'OPTION_INVALID')).toBe(true);
  expect((refusal as Error).message).toContain('option "begin" must be one of last, mean, zero');
});
