// A backend may tell classes in place of logits: what a training reports is the same.
import { expect, it } from 'vitest';
import { type Backend, type Compile, createRegistry, type Progress, registry, wasm } from '../src/index.ts';

/** As the backend is, or giving logits whatever it is asked for; what it gave is noted. */
function backendThat(tells: boolean, widths: Set<number | undefined>): Backend {
  return {
    ...wasm,
    name: 'told',
    compile: (options): Compile => {
      const compile = wasm.compile(options as never);
      return async (network, settings) => {
        const executable = await compile(network, settings);
        return {
          ...executable,
          trainStep: async (batch, state, { output, ...asked }) => {
            const told = tells && output !== undefined ? { output } : {};
            const result = await executable.trainStep(batch, state, { ...asked, ...told });
            widths.add(result.output.shape.at(-1));
            return result;
          },
        };
      };
    },
  };
}

const text = 'a cab, a bad cab, a dab; a bead, a cafe, a faded bee fed a cad';
const common = {
  input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding', with: { size: 3 } } },
  layers: [{ use: 'lstm', with: { units: 5 } }],
  optimizer: { use: 'adam', with: { learningRate: 0.03 } },
  backend: { use: 'told', threads: 1 },
};
const examples = text.split(' ').map((word) => ({ text: word, label: String(word.length % 3) }));

it.each([
  ['labels of sequences', { task: { use: 'many-to-one' }, trainer: { use: 'bptt' } }, false],
  [
    'labels of sequences, windows',
    { task: { use: 'many-to-one' }, trainer: { use: 'truncated-bptt', with: { every: 2 } } },
    false,
  ],
  ['streams', { task: { use: 'language-model' }, trainer: { use: 'truncated-bptt', with: { every: 4 } } }, true],
  ['next tokens', { task: { use: 'language-model' }, trainer: { use: 'bptt' } }, false],
] as const)('%s', async (_, parts, stream) => {
  const reportOf = async (tells: boolean) => {
    const widths = new Set<number | undefined>();
    const plugins = [...registry.plugins, backendThat(tells, widths)];
    const pipeline = createRegistry(plugins).pipeline({ ...common, ...parts } as never) as never as {
      readonly fit: (data: unknown, settings: unknown) => AsyncIterable<Progress>;
      readonly dispose: () => void;
    };
    const data = stream ? [{ text }] : examples;
    const reports: (number | undefined)[] = [];
    for await (const { accuracy, loss } of pipeline.fit(data, {
      epochs: 4,
      batchSize: 4,
      seed: 2,
      ...(stream && { stream }),
    }))
      reports.push(accuracy, loss);
    pipeline.dispose();
    return { reports, widths: [...widths] };
  };
  const [told, logits] = [await reportOf(true), await reportOf(false)];
  expect(told.reports).toEqual(logits.reports);
  expect(told.reports.some((each) => each !== undefined && each > 0 && each < 1)).toBe(true);
  const windows = !stream && parts.trainer.use === 'truncated-bptt';
  if (!windows) expect(told.widths).toEqual([1]);
  expect(logits.widths).not.toContain(1);
});
