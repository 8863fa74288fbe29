// The layer of patches, against the same written out pixel by pixel.
import { wasm } from '@unrolled/backend-wasm';
import { initialise, parseOptions } from '@unrolled/core';
import { expect, test } from 'vitest';
import { patches } from '../src/patches.ts';

const given = { units: 5, features: 3, patch: 2, side: 4, channels: 3 };

/** Sum of weights `[rows, vector]` times a vector, normalised, with a bias added, and no less than 0. */
function layer(weights: ArrayLike<number>, bias: ArrayLike<number>, vector: readonly number[]): number[] {
  const sums = Array.from({ length: bias.length }, (_, row) =>
    vector.reduce((sum, number, column) => sum + number * (weights[row * vector.length + column] as number), 0),
  );
  const mean = sums.reduce((all, sum) => all + sum, 0) / sums.length;
  const variance = sums.reduce((all, sum) => all + (sum - mean) ** 2, 0) / sums.length;
  return sums.map((sum, row) => Math.max(0, (sum - mean) / Math.sqrt(variance + 1e-5) + (bias[row] as number)));
}

test('it sees each patch by the same weights, then all of them, and hands on their mean', async () => {
  const module = patches.module(parseOptions(patches.options, given, 'patches'));
  const size = given.units + given.features;
  const executable = await wasm.compile({})(
    {
      language: 1,
      input: { kind: 'vectors', size: 48 },
      layers: [{ module, direction: 'forward', dropout: {} }],
      output: {
        name: 'as it is',
        equations: 'y[t] = h[t]',
        output: 'y',
        parameters: {},
        sizes: {},
        constants: {},
        shapes: {},
        initial: {},
      },
      target: { kind: 'values', size, per: 'step' },
    },
    {},
  );
  // Biases begin as 0, so they are given others.
  const parameters = Object.fromEntries(
    executable.parameters.map((info) => {
      const drawn = initialise(info, 3);
      return [info.name, { shape: info.shape, data: drawn.map((value, at) => (value === 0 ? 0.1 * at - 0.1 : value)) }];
    }),
  );
  await executable.write({ parameters });
  const pictures = [0, 1].map((picture) => Array.from({ length: 48 }, (_, at) => Math.sin(7 * at + picture)));
  const batch = {
    size: 2,
    time: 1,
    inputs: { x: Float64Array.from(pictures.flat()) },
    lengths: Int32Array.of(1, 1),
    exampleIndex: Int32Array.of(0, 1),
    start: new Int32Array(2),
  };
  const { output } = await executable.forward(batch, executable.initialState(2), { mode: 'infer' });
  const of = (name: string) => parameters[`layers.0.${name}`]?.data as ArrayLike<number>;
  const right = pictures.flatMap((picture) => {
    const pixel = (row: number, column: number) => picture.slice((row * 4 + column) * 3, (row * 4 + column + 1) * 3);
    const corners = [0, 2].flatMap((top) => [0, 2].map((left) => [top, left] as const));
    const seen = corners.map(([top, left]) =>
      layer(
        of('Wxf'),
        of('bf'),
        [0, 1].flatMap((down) => [0, 1].flatMap((along) => pixel(top + down, left + along))),
      ),
    );
    const mean = Array.from({ length: 3 }, (_, at) => seen.reduce((sum, one) => sum + (one[at] as number), 0) / 4);
    return [...layer(of('Wfg'), of('bg'), seen.flat()), ...mean];
  });
  expect(right).toHaveLength(2 * size);
  for (const [at, wanted] of right.entries()) expect(output.data[at]).toBeCloseTo(wanted, 5);
  executable.dispose();
});
