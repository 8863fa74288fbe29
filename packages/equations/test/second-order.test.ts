// Gradients of gradients against differences of gradients: the adjoints of what only adjoints are made of.
import { initialise, type NetworkDescription } from '@unrolled/core';
import { expect, test } from 'vitest';
import { addGradients, batchInputs, buildNetwork, differentiate, type Environment, Interpreter } from '../src/index.ts';
import { type Extras, moduleOf, networkOf } from './networks.ts';

const lengths = [3, 0, 1];

const parameters = (...names: readonly string[]): Extras => ({
  sizes: { units: 3 },
  parameters: Object.fromEntries(names.map((name) => [name, undefined])),
});

const gated = moduleOf(
  'gated',
  `
    z[t] = σ(Wz @ x[t] + Uz @ h[t-1] + p * h[t-1])
    h[t] = z[t] * h[t-1] + (1 - z[t]) * tanh(Wh @ x[t] + Uhᵀ @ h[t-1])
  `,
  'h',
  parameters('Wz', 'Uz', 'p', 'Wh', 'Uh'),
);
const attending = moduleOf(
  'attending',
  `
    e[t,s] = v · tanh(U @ h[t-1] + V @ x[s])
    c[t] = sum_s(softmax_s(e[t,s]) * x[s])
    h[t] = tanh(W @ [c[t]; x[t][0:1]] + abs(h[t-1]))
  `,
  'h',
  { ...parameters('v', 'U', 'V', 'W'), parameters: { v: [2], U: undefined, V: undefined, W: undefined } },
);
const largest = moduleOf('largest', 'p = max_s(h[s])\ny = where(p > 0, p, 2 * p) * max(p)', 'y');
const crossEntropy = moduleOf('crossEntropy', 'loss = (logSumExp(y) - y · target)^2', 'loss');
const embedding = moduleOf('embedding', 'x2[t] = tanh(Eᵀ @ x[t])', 'x2', { parameters: { E: ['vocabulary', 2] } });

const networks: readonly (readonly [string, NetworkDescription])[] = [
  ['gates', networkOf(gated)],
  ['attention, a pool of maxima', networkOf(attending, { output: largest })],
  [
    'looked-up rows, classes',
    networkOf(gated, {
      input: { kind: 'ids', vocabulary: 4, module: embedding },
      loss: crossEntropy,
      target: { kind: 'class', size: 3, per: 'sequence' },
    }),
  ],
  ['a backward loop', { ...networkOf(gated), layers: [{ module: gated, direction: 'backward', dropout: {} }] }],
];

test.each(networks)('%s', (_, description) => {
  const network = buildNetwork(description);
  const { builder, loss = 0 } = network;
  const gradients = addGradients(network, { output: false, finals: false });
  const ids = network.parameters.map(({ name, shape }) => builder.parameter(name, shape));
  // The gradient along a direction is a value like any other.
  const along = network.parameters
    .map(({ name, shape }, i) => {
      const product = builder.multiply(builder.parameter(`along.${name}`, shape), gradients.parameters[i] as number);
      return shape.length === 0 ? product : builder.sumUnits(product);
    })
    .reduce((a, b) => builder.add(a, b));
  const second = differentiate(builder, [{ result: along, seed: builder.constant(1) }], ids);
  const seconds = ids.map((id) => second.of(id) ?? builder.constant(0, builder.shape(id)));
  const interpreter = new Interpreter(builder, [loss, along, ...seconds]);

  const weights = new Map(
    network.parameters.flatMap(({ name, shape }) => [
      [name, drawn(name, shape)],
      [`along.${name}`, drawn(`along.${name}`, shape)],
    ]),
  );
  const slope = (): number => {
    interpreter.run(environment(description, weights));
    return interpreter.read(along).data[0] as number;
  };
  slope();
  const found = seconds.map((id) => {
    const { data, length } = interpreter.read(id);
    return data.slice(0, length);
  });
  network.parameters.forEach(({ name }, i) => {
    const data = weights.get(name) as Float64Array;
    data.forEach((value, place) => {
      const width = 1e-5;
      data[place] = value + width;
      const ahead = slope();
      data[place] = value - width;
      const behind = slope();
      data[place] = value;
      expect(found[i]?.[place], `${name}[${place}]`).toBeCloseTo((ahead - behind) / (2 * width), 6);
    });
  });
});

function drawn(name: string, shape: readonly number[]): Float64Array {
  return initialise({ name, shape, init: { init: 'uniform', minimum: -1, maximum: 1 } }, 3);
}

function environment({ input, target }: NetworkDescription, weights: ReadonlyMap<string, Float64Array>): Environment {
  const values = drawn('x', [lengths.length, 3, 3]);
  return {
    rows: lengths.length,
    parameter: (name) => weights.get(name) as Float64Array,
    length: (row) => lengths[row] as number,
    start: () => 0,
    input: (name, row, out) => {
      if (name === batchInputs.weight) out.fill(0.7);
      else if (name === batchInputs.target && target.kind === 'class') out.fill(row % 3);
      else if (name === batchInputs.x && input.kind === 'ids')
        for (let i = 0; i < out.length; i++) out[i] = (i + row) % 4;
      else for (let i = 0; i < out.length; i++) out[i] = values[(row * 7 + i) % values.length] as number;
    },
    state: (_, row, out) => {
      for (let i = 0; i < out.length; i++) out[i] = 0.3 * (row + 1) - 0.2 * i;
    },
    mask: (_, out, offset, n) => out.fill(1, offset, offset + n),
  };
}
