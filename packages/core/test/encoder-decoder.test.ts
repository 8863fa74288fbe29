// The parts of an encoder–decoder as plain data: what they keep of the whole, and how they name it.
import { describe, expect, test } from 'vitest';
import {
  decoderStepOf,
  type EquationModule,
  encoderOf,
  type LayerDescription,
  type NetworkDescription,
} from '../src/index.ts';

const module = (name: string, equations: string, output: string): EquationModule => ({
  ...{ name, equations, output, parameters: {}, sizes: { units: 3 }, constants: {}, shapes: {}, initial: {} },
});
const cell = module('cell', 'h[t] = tanh(x[t] + h[t-1])', 'h');
const layer = (direction: LayerDescription['direction']): LayerDescription => ({
  module: cell,
  direction,
  dropout: {},
});
const network: NetworkDescription = {
  language: 1,
  input: { kind: 'ids', vocabulary: 5 },
  source: { kind: 'encoder', input: { kind: 'vectors', size: 3 }, layers: [layer('forward'), layer('both')] },
  layers: [layer('forward')],
  attention: module('attention', 'o[t] = h[t] + sum_s(m[s])', 'o'),
  output: module('head', 'y[t] = h[t]', 'y'),
  loss: module('loss', 'loss = y · target', 'loss'),
  target: { kind: 'class', size: 3, per: 'step' },
  optimizer: module('descent', 'w[t] = w[t-1] - rate * g[t]', 'w'),
  clip: { norm: 1 },
};

describe('an encoder', () => {
  const { network: encoder, parameterOf } = encoderOf(network);

  test('has the source as its input, and gives its last layer at each step', () => {
    expect(encoder.input).toEqual({ kind: 'vectors', size: 3 });
    expect(encoder.layers).toEqual([layer('forward'), layer('both')]);
    expect([encoder.output.equations, encoder.output.parameters]).toEqual(['y[t] = h[t]', {}]);
    for (const name of ['source', 'attention', 'loss', 'optimizer', 'clip']) expect(encoder).not.toHaveProperty(name);
  });

  test('names its parameters as a source', () => {
    expect(parameterOf('layers.1.backward.Wxh')).toBe('source.layers.1.backward.Wxh');
  });
});

describe('a decoder step', () => {
  const { network: step, parameterOf } = decoderStepOf(network, 6);

  test('is handed a memory of the way that the encoder ran', () => {
    expect(step.source).toEqual({ kind: 'memory', size: 6, direction: 'both' });
    const one = { ...network, source: { kind: 'encoder', input: network.input, layers: [] } } as const;
    expect(decoderStepOf(one, 5).network.source).toEqual({ kind: 'memory', size: 5, direction: 'forward' });
  });

  test('predicts with all that the decoder has, by the same names', () => {
    const { input, layers, attention, output, target } = network;
    expect(step).toMatchObject({ language: 1, input, layers, attention, output, target });
    for (const name of ['loss', 'optimizer', 'clip']) expect(step).not.toHaveProperty(name);
    expect(parameterOf('attention.Wa')).toBe('attention.Wa');
  });
});

test('a network without an encoder has no parts', () => {
  const { source: _, ...alone } = network;
  for (const part of [() => encoderOf(alone), () => decoderStepOf(alone, 3)])
    expect(part).toThrow(expect.objectContaining({ code: 'NETWORK_MISFIT' }));
});
