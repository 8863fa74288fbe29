// Vectors are rounded once for a backend that computes in float32, and learned from in the same bits.
import { expect, it } from 'vitest';
import { type Backend, type Compile, createRegistry, registry, wasm } from '../src/index.ts';

/** Computes as the backend does, but says that it knows other precisions; kinds of numbers that it was fed are noted. */
function backendOf(precisions: readonly ('float32' | 'float64')[], kinds: Set<string>): Backend {
  return {
    ...wasm,
    name: 'noting',
    precisions,
    compile: (options): Compile => {
      const compile = wasm.compile(options as never);
      return async (network, settings) => {
        const executable = await compile(network, settings);
        return {
          ...executable,
          trainStep: async (batch, state, asked) => {
            for (const values of Object.values(batch.inputs)) kinds.add(values.constructor.name);
            return executable.trainStep(batch, state, asked);
          },
        };
      };
    },
  };
}

const examples = Array.from({ length: 12 }, (_, index) => ({
  values: Array.from({ length: 3 + (index % 4) }, (_, step) => [Math.sqrt(index + step), 1 / (1 + index * step)]),
  labels: Array.from({ length: 3 + (index % 4) }, (_, step) => ['even', 'odd'][(index + step) % 2] as string),
}));

it('is what a backend that would round them itself learns too', async () => {
  const weightsOf = async (precisions: readonly ('float32' | 'float64')[]) => {
    const kinds = new Set<string>();
    const pipeline = createRegistry([...registry.plugins, backendOf(precisions, kinds)]).pipeline({
      input: { vectorizer: { use: 'numeric' } },
      layers: [{ use: 'lstm', with: { units: 5 } }],
      task: { use: 'many-to-many' },
      optimizer: { use: 'adam', with: { learningRate: 0.03 } },
      trainer: { use: 'bptt' },
      backend: { use: 'noting', threads: 1 },
    } as never) as never as ReturnType<typeof registry.pipeline>;
    const settings = { epochs: 3, batchSize: 4, seed: 2, validation: 0.25 };
    const { epochs } = await pipeline.fit(examples as never, settings);
    const { parameters } = await pipeline.anatomy();
    const measured = epochs.map(({ seconds: _, ...rest }) => rest);
    pipeline.dispose();
    return { kinds: [...kinds], learned: [parameters, measured] };
  };
  const [rounded, wide] = [await weightsOf(['float32']), await weightsOf(['float32', 'float64'])];
  expect(rounded.kinds).toEqual(['Float32Array']);
  expect(wide.kinds).toEqual(['Float64Array']);
  expect(rounded.learned).toEqual(wide.learned);
});
