// Random networks against the float64 reference: every primitive, several layers, both directions, masks of one key, empty
// sequences among others.
import { referenceBackend, roundedReference } from '@unrolled/backend-reference';
import type { Batch, Compile, Executable, GradientsResult, NetworkDescription, State, Tensors } from '@unrolled/core';
import { relativeError } from '@unrolled/goldens';
import { drawBatch, drawNetwork, drawParameters, drawState } from '@unrolled/random-networks';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tolerances } from './tolerances.ts';

/** How many networks are drawn, and from which seed. */
export interface RandomNetworks {
  readonly runs: number;
  readonly seed: number;
}

const key = { seed: 7, update: 3 };
const [reference, rounding] = [referenceBackend(), roundedReference()];

/**
 * Registers a test that draws networks. An error may be as large as the tolerance, or eight times what the reference changes
 * by where all is rounded to float32, what it is given and what it computes: so much a network makes of rounding.
 */
export function randomNetworksSuite(compile: Compile, tolerances: Tolerances, { runs, seed }: RandomNetworks): void {
  test(`${runs} random networks equal the reference`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const network = drawNetwork(g);
        const [ours, theirs, rough] = [
          await compile(network, {}),
          await reference(network, {}),
          await rounding(network, {}),
        ];
        const parameters = await drawParameters(g, theirs);
        const batch = drawBatch(g, network);
        const state = drawState(g, theirs, batch.size);
        const wanted = await theirs.gradients(batch, state, { key });
        await ours.write({ parameters });
        const found = await ours.gradients(batch, state, { key });
        const rounded = await roundedGradients(rough, parameters, batch, state);
        expectNear(network, forwardOf(found), forwardOf(wanted), forwardOf(rounded), tolerances.forward);
        expectNear(network, gradientsOf(found), gradientsOf(wanted), gradientsOf(rounded), tolerances.gradients);
        for (const executable of [ours, theirs, rough]) executable.dispose();
      }),
      { numRuns: runs, seed, endOnFailure: true },
    );
  });
}

/** What an executable gives where it is given numbers of float32. */
async function roundedGradients(
  executable: Executable,
  parameters: Tensors,
  batch: Batch,
  state: State,
): Promise<GradientsResult> {
  await executable.write({ parameters: roundedAll(parameters) });
  const { x } = batch.inputs;
  const { targets, weights } = batch;
  const rounded: Batch = {
    ...batch,
    inputs: x ? { x: roundedNumbers(x) } : {},
    ...(targets && { targets: roundedNumbers(targets) }),
    ...(weights && { weights: Float64Array.from(weights, Math.fround) }),
  };
  return executable.gradients(rounded, roundedAll(state), { key });
}

function roundedNumbers<T extends NonNullable<Batch['targets']>>(values: T): T | Float64Array {
  return values instanceof Int32Array ? values : Float64Array.from(values, Math.fround);
}

function roundedAll(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float64Array.from(data, Math.fround) },
    ]),
  );
}

function forwardOf({ output, loss, state }: GradientsResult): Tensors {
  return { output, loss: { shape: [], data: Float64Array.of(loss) }, ...named('final state', state) };
}

function gradientsOf({ parameters, inputs, initialState }: GradientsResult): Tensors {
  return {
    ...named('gradient of', parameters),
    ...named('gradient of input', inputs),
    ...named('gradient of initial', initialState),
  };
}

function named(what: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${what} ${name}`, tensor]));
}

function expectNear(
  network: NetworkDescription,
  found: Tensors,
  wanted: Tensors,
  rounded: Tensors,
  tolerance: number,
): void {
  for (const [name, { shape, data }] of Object.entries(wanted)) {
    expect(found[name]?.shape, name).toEqual(shape);
    const bound = Math.max(tolerance, 8 * relativeError(rounded[name]?.data ?? [], data));
    const error = relativeError(found[name]?.data ?? [], data);
    expect(error, `${name} of\n${textOf(network)}`).toBeLessThanOrEqual(bound);
  }
}

/** Equations, to be read where a test fails. */
function textOf({ input, layers, output, loss }: NetworkDescription): string {
  const modules = [input.module, ...layers.map(({ module }) => module), output, loss];
  return modules.flatMap((module) => module?.equations ?? []).join('\n\n');
}
