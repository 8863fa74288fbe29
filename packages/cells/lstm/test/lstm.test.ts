// What is the LSTM's own: its gates, its forget bias, and how it is used alone.
import { reference } from '@unrolled/backend-reference';
import { initialise, isUnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import { lstm, lstmCell } from '../src/index.ts';

test('alone it is the module of the plug-in, with defaults filled in', () => {
  expect(lstmCell()).toEqual(lstm.module(lstm.options.defaults));
  expect(lstmCell({ units: 2, forgetBias: 0 })).toEqual(
    lstm.module({ ...lstm.options.defaults, units: 2, forgetBias: 0 }),
  );
});

test('wrong options are refused', () => {
  let refusal: unknown;
  try {
    lstmCell({ forgetBias: '1' as never });
  } catch (error) {
    refusal = error;
  }
  expect(isUnrolledError(refusal, 'OPTION_INVALID')).toBe(true);
  expect((refusal as Error).message).toMatch(/cell "lstm": option "forgetBias" must be a number, but "1" was given/);
});

test('has a product with x, one with h and one bias for each gate, and two states', async () => {
  const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
  const executable = await reference.compile({})(
    {
      language: 1,
      input: { kind: 'vectors', size: 3 },
      layers: [{ module: lstmCell({ units: 2 }), direction: 'forward', dropout: {} }],
      output: { ...bare, name: 'steps', equations: 'y[t] = h[t]', output: 'y' },
      target: { kind: 'values', size: 2, per: 'step' },
    },
    {},
  );
  expect(executable.parameters.map(({ name, shape }) => `${name} [${shape}]`)).toEqual(
    ['i', 'f', 'g', 'o'].flatMap((gate) => [
      `layers.0.Wx${gate} [2,3]`,
      `layers.0.Wh${gate} [2,2]`,
      `layers.0.b${gate} [2]`,
    ]),
  );
  expect(executable.states.map(({ name }) => name)).toEqual(['layers.0.c', 'layers.0.h']);
  const biases = executable.parameters.filter(({ name }) => name.includes('.b'));
  expect(biases.map((info) => [...initialise(info, 1)])).toEqual([
    [0, 0],
    [1, 1],
    [0, 0],
    [0, 0],
  ]);
});

test('the input gate begins closed where that is asked for', () => {
  const { bi, bf } = lstmCell({ units: 2, inputBias: -5, forgetBias: 7 }).parameters;
  expect([bi?.init, bf?.init]).toEqual([
    { init: 'constant', value: -5 },
    { init: 'constant', value: 7 },
  ]);
});
