// Cells that nobody here has heard of: they compile, and agree with the reference and with the slope of their own loss.
import { referenceBackend } from '@unrolled/backend-reference';
import type { Executable, LayerDescription, NetworkDescription, Tensor, Tensors } from '@unrolled/core';
import { relativeError } from '@unrolled/goldens';
import { describe, expect, test } from 'vitest';
import { wasmBackend } from '../src/index.ts';
import { batchOf, layerOf, lstmLayer, moduleOf, networkOf, numbers, weightsOf } from './trials.ts';

/** Peepholes, layer normalisation, three states of two sizes, constants, minima and maxima, a softmax over the units. */
function outsider(units: number): LayerDescription {
  const equations = `
    n[t] = layerNorm(Wxn @ x[t] + Whn @ h[t-1]) ⊙ gain + bn
    i[t] = σ(Wxi @ x[t] + Whi @ h[t-1] + pi ⊙ c[t-1] + bi)
    f[t] = σ(Wxf @ x[t] + Whf @ h[t-1] + pf ⊙ c[t-1] + bf)
    c[t] = max(min(f[t] ⊙ c[t-1] + i[t] ⊙ tanh(n[t]), ceiling), -ceiling)
    a[t] = softmax(Wa @ h[t-1] + ba)
    m[t] = leak * m[t-1] + (1 - leak) * a[t] * (mean(c[t]) + max(n[t]))
    o[t] = σ(Wxo @ x[t] + po ⊙ c[t] + Wmo @ m[t])
    h[t] = max(o[t], floor) ⊙ where(c[t] > 0, sin(c[t]), c[t])`;
  const names = ['Wxn', 'Whn', 'gain', 'bn', 'Wxi', 'Whi', 'pi', 'bi', 'Wxf', 'Whf', 'pf', 'bf', 'ba', 'Wxo', 'po'];
  const parameters = Object.fromEntries(names.map((name) => [name, undefined]));
  const module = moduleOf(
    equations,
    'h',
    { ...parameters, Wa: ['slots', 'units'], Wmo: ['units', 'slots'] },
    { sizes: { units, slots: 3 }, shapes: { m: ['slots'] }, constants: { ceiling: 0.8, leak: 0.7, floor: 0.45 } },
  );
  return layerOf(module, { direction: 'both', dropout: { input: 0.2 } });
}

/** A decoder that attends to all steps of the layer below before each of its own. */
function attention(units: number, below: number): LayerDescription {
  const equations = `
    e[t,s] = v · tanh(Wq @ q[t-1] + Wk @ x[s] + be)
    a[t,s] = softmax_s(e[t,s])
    m[t] = sum_s(a[t,s] * x[s])
    z[t] = σ(Wz @ [m[t]; x[t]; q[t-1]])
    q[t] = (1 - z[t]) ⊙ q[t-1] + z[t] ⊙ tanh(Wm @ m[t] + Wx @ x[t] + Wh @ q[t-1])`;
  const shapes = { v: [7], Wq: [7, 'units'], Wk: [7, below], be: [7], Wz: ['units', 2 * below + units] };
  return layerOf(
    moduleOf(equations, 'q', { ...shapes, Wm: undefined, Wx: undefined, Wh: undefined }, { sizes: { units } }),
  );
}

const networks: Readonly<Record<string, NetworkDescription>> = {
  'an outsider’s cell, of units that fill no vector': networkOf({ layers: [outsider(7)] }),
  'an outsider’s cell, of units that do': networkOf({ layers: [outsider(16)] }),
  'two of them': networkOf({ layers: [outsider(6), outsider(8)] }),
  'a decoder with attention over an LSTM': networkOf({ layers: [lstmLayer(6), attention(5, 6)] }),
  'an answer at each step, of ids': networkOf({
    input: { kind: 'ids', vocabulary: 11 },
    layers: [outsider(5), attention(8, 10)],
    output: moduleOf('y[t] = V @ h[t] + b', 'y', { V: ['size', 'hidden'], b: undefined }, { sizes: { size: 3 } }),
    target: { kind: 'class', size: 3, per: 'step' },
  }),
};

/** Everything that a gradients call gives, by name. */
async function gradientsOf(executable: Executable, network: NetworkDescription): Promise<Tensors> {
  const batch = batchOf(network, [5, 0, 9, 1, 3, 8, 8, 2, 9], { time: 10 });
  const state = Object.fromEntries(
    executable.states.map(({ name, shape }) => {
      const sizes = [9, ...shape];
      return [
        name,
        {
          shape: sizes,
          data: numbers(
            `state ${name}`,
            sizes.reduce((a, b) => a * b, 1),
          ),
        },
      ];
    }),
  );
  const result = await executable.gradients(batch, state, { key: { seed: 8, update: 1 } });
  const named = (prefix: string, tensors: Tensors) =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix} ${name}`, tensor]));
  return {
    output: result.output,
    loss: { shape: [], data: Float64Array.of(result.loss) },
    ...named('final', result.state),
    ...named('gradient of', result.parameters),
    ...named('gradient of input', result.inputs),
    ...named('gradient of initial', result.initialState),
  };
}

describe.each(Object.entries(networks))('%s', (_, network) => {
  test('gives what the reference gives', async () => {
    const [ours, reference] = [await wasmBackend()(network, { threads: 2 }), await referenceBackend()(network, {})];
    const parameters = weightsOf(ours);
    await Promise.all([ours.write({ parameters }), reference.write({ parameters })]);
    const [found, expected] = [await gradientsOf(ours, network), await gradientsOf(reference, network)];
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, { data }] of Object.entries(expected)) {
      const tolerance = name.startsWith('gradient') ? 1e-4 : 1e-5;
      expect(relativeError((found[name] as Tensor).data, data), name).toBeLessThan(tolerance);
    }
    ours.dispose();
  });

  test('has the slope that its own loss has', async () => {
    const executable = await wasmBackend()(network, { threads: 2 });
    const parameters = weightsOf(executable);
    await executable.write({ parameters });
    const found = await gradientsOf(executable, network);
    const step = 1 / 1024;
    let directions = 0;
    for (const [name, { shape, data }] of Object.entries(parameters)) {
      const direction = numbers(`direction of ${name}`, data.length);
      const lossAt = async (by: number): Promise<number> => {
        const moved = { shape, data: data.map((weight, i) => weight + by * (direction[i] as number)) };
        await executable.write({ parameters: { ...parameters, [name]: moved } });
        return ((await gradientsOf(executable, network)).loss as Tensor).data[0] as number;
      };
      const slope = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
      const gradient = Float64Array.from((found[`gradient of ${name}`] as Tensor).data);
      const expected = gradient.reduce((sum, each, i) => sum + each * (direction[i] as number), 0);
      // The loss is near 1 and in float32; maxima and minima that the step goes past bend it.
      expect(Math.abs(slope - expected), name).toBeLessThan(2e-3 + 0.01 * Math.abs(expected));
      directions += Math.abs(expected) > 1e-3 ? 1 : 0;
    }
    expect(directions).toBeGreaterThan(Object.keys(parameters).length / 2);
    executable.dispose();
  });
});
