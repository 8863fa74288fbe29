// TensorFlow.js in a page, on each device: the checks of every backend, and networks against PyTorch.
import * as tf from '@tensorflow/tfjs';
import { reference } from '@unrolled/backend-reference';
import { goldenSuite } from '@unrolled/backend-suites';
import { cos, type EquationModule, sin } from '@unrolled/core';
import { describeNetwork, type RecurrentCase, recurrentCases } from '@unrolled/goldens';
import { backendConformance, conform } from '@unrolled/plugin-kit';
import { describe, expect, it, test } from 'vitest';
import { on } from './tfjs.ts';

const head = { name: 'head', parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {}, output: 'y' };
const waves = {
  language: 1,
  input: { kind: 'vectors', size: 200 },
  layers: [],
  target: { kind: 'values', size: 200, per: 'step' },
} as const;
const oneStep = {
  size: 1,
  time: 1,
  lengths: Int32Array.of(1),
  exampleIndex: Int32Array.of(0),
  start: Int32Array.of(0),
};

/** Checks that do not hold on a graphics processor: its own sin and cos are good to 11 bits or so, as WGSL allows. */
const coarse = /^computes (sin|cos) as the reference does$/;

describe.each(['cpu', 'wasm', 'webgl', 'webgpu'] as const)('%s', (device) => {
  const plugin = on(device);

  const onGraphics = device === 'webgl' || device === 'webgpu';

  conform(
    it,
    backendConformance(plugin, { reference }).filter(({ name }) => !(onGraphics && coarse.test(name))),
  );

  test('computes sin and cos', async () => {
    const allowed = onGraphics ? 1 / 2048 : 1e-6;
    const angles = Float64Array.from({ length: 200 }, (_, i) => (i - 100) / 32);
    const wave = (name: string): EquationModule => ({ ...head, equations: `y[t] = ${name}(h[t])` });
    for (const [name, exact] of Object.entries({ sin, cos })) {
      const network = { ...waves, output: wave(name) };
      const executable = await plugin.compile(plugin.options.defaults)(network, {});
      const batch = { ...oneStep, inputs: { x: angles } };
      const { output } = await executable.forward(batch, executable.initialState(1), { mode: 'infer' });
      output.data.forEach((value, i) => {
        expect(Math.abs(value - exact(angles[i] as number)), `${name} ${angles[i]}`).toBeLessThan(allowed);
      });
      executable.dispose();
    }
  });

  test('frees what it makes', async () => {
    const golden = recurrentCases()[0] as RecurrentCase;
    const counts: number[] = [];
    for (let run = 0; run < 2; run++) {
      const executable = await plugin.compile(plugin.options.defaults)(describeNetwork(golden.network), {});
      await executable.gradients(golden.batch, executable.initialState(golden.batch.size), {});
      executable.dispose();
      counts.push(tf.memory().numTensors);
    }
    expect(counts[1]).toBe(counts[0]);
  });

  describe('equals', () => goldenSuite(plugin.compile(plugin.options.defaults), { forward: 1e-5, gradients: 1e-5 }, 6));
});
