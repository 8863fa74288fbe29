// Steps of random networks on TensorFlow.js give what whole sequences give on the reference.
import { reference } from '@unrolled/backend-reference';
import { beginStreams, type Values } from '@unrolled/core';
import { drawBatch, drawNetwork, drawParameters } from '@unrolled/random-networks';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileOn } from './devices.ts';

test('random networks that stream equal the reference on cpu', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const network = drawNetwork(g, true);
      const ours = await compileOn('cpu', network);
      const theirs = await reference.compile({})(network, {});
      await ours.write({ parameters: await drawParameters(g, theirs) });
      const { targets: _, weights: __, ...drawn } = drawBatch(g, network);
      const x = drawn.inputs.x as Int32Array | Values;
      const stride = x.length / Math.max(1, drawn.time);
      // Where all elements are nearly equal layerNorm divides by √1e-5, so it makes rounding 300 times as large.
      const tolerance = JSON.stringify(network).includes('layerNorm') ? 3e-3 : 1e-4;
      let state = beginStreams(ours, drawn.size);
      for (let step = 0; step < drawn.time; step++) {
        const [next, { data }] = await ours.step(state, x.slice(step * stride, (step + 1) * stride));
        const lengths = new Int32Array(drawn.size).fill(step + 1);
        const start = new Int32Array(drawn.size);
        const wanted = await theirs.forward({ ...drawn, lengths, start }, theirs.initialState(drawn.size), {
          mode: 'infer',
        });
        const whole = wanted.output.data;
        const from = network.target.per === 'step' ? step * data.length : 0;
        expect(errorOf(data, whole.slice(from, from + data.length))).toBeLessThan(tolerance);
        for (const [name, tensor] of Object.entries(wanted.state))
          expect(errorOf(next.values[name]?.data ?? [], tensor.data), name).toBeLessThan(tolerance);
        state = next;
      }
      ours.dispose();
      theirs.dispose();
    }),
    { numRuns: 40, seed: 47, endOnFailure: true },
  );
});

/** As everywhere, but relative to at least 0.01: what cancels out has been near 1 on the way, and float32 has seven digits. */
function errorOf(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const scale = Array.from(wanted).reduce((most, each) => Math.max(most, Math.abs(each)), 1e-2);
  const apart = Array.from(wanted, (each, i) => Math.abs((found[i] as number) - each));
  return apart.every(Number.isFinite) ? Math.max(0, ...apart) / scale : Number.POSITIVE_INFINITY;
}
