// TensorFlow.js's tape against the reference's adjoint, on random networks: every primitive, several layers, both directions,
// masks of one key, empty sequences among others.
import { reference } from '@unrolled/backend-reference';
import type { GradientsResult, Tensors } from '@unrolled/core';
import { drawBatch, drawNetwork, drawParameters, drawState } from '@unrolled/random-networks';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileOn } from './devices.ts';

const runs = 60;
const key = { seed: 7, update: 3 };

describe.each(['cpu', 'wasm'] as const)('on %s', (device) => {
  test('equals the reference', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const network = drawNetwork(g);
        const ours = await compileOn(device, network);
        const theirs = await reference.compile({})(network, {});
        await ours.write({ parameters: await drawParameters(g, theirs) });
        const batch = drawBatch(g, network);
        const state = drawState(g, theirs, batch.size);
        const found = tensorsOf(await ours.gradients(batch, state, { key }));
        const wanted = tensorsOf(await theirs.gradients(batch, state, { key }));
        // Where all elements are nearly equal layerNorm divides by √1e-5, so it makes rounding 300 times as large.
        const tolerance = JSON.stringify(network).includes('layerNorm') ? 3e-3 : 1e-4;
        for (const [name, { shape, data }] of Object.entries(wanted)) {
          expect(found[name]?.shape, name).toEqual(shape);
          expect(errorOf(found[name]?.data ?? [], data), name).toBeLessThan(tolerance);
        }
        ours.dispose();
        theirs.dispose();
      }),
      { numRuns: runs, seed: 41, endOnFailure: true },
    );
  });
});

/** Everything that a call gives, by a name of its own. */
function tensorsOf({ output, loss, state, parameters, inputs, initialState }: GradientsResult): Tensors {
  const named = (what: string, tensors: Tensors) =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${what} ${name}`, tensor]));
  return {
    output,
    loss: { shape: [], data: Float64Array.of(loss) },
    ...named('final', state),
    ...named('gradient of', parameters),
    ...named('gradient of input', inputs),
    ...named('gradient of initial', initialState),
  };
}

/** As everywhere, but relative to at least 0.01: what cancels out has been near 1 on the way, and float32 has seven digits. */
function errorOf(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const scale = Array.from(wanted).reduce((most, each) => Math.max(most, Math.abs(each)), 1e-2);
  const apart = Array.from(wanted, (each, i) => Math.abs((found[i] as number) - each));
  return apart.every(Number.isFinite) ? Math.max(0, ...apart) / scale : Number.POSITIVE_INFINITY;
}
