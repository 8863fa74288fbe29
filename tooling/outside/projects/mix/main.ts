// A package outside the workspace: words, one-hot, vanilla (and a cell of its own), truncated BPTT and TensorFlow.js, no preset.
import { tfjs } from '@unrolled/backend-tfjs';
import { vanilla } from '@unrolled/cell-vanilla';
import { createRegistry, defineCell, defineOptions, glorotUniform, orthogonal, size, zeros } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { adam } from '@unrolled/optimizers';
import { manyToOne } from '@unrolled/task-many-to-one';
import { words } from '@unrolled/tokenizer-words';
import { truncatedBptt } from '@unrolled/trainer-truncated-bptt';
import { oneHot } from '@unrolled/vectorizer-one-hot';

const minimalGated = defineCell({
  name: 'minimal-gated',
  package: 'unrolled-cell-minimal-gated',
  source: 'Zhou et al. 2016, equation 8',
  options: defineOptions<{ units: number }>({ units: size(8, 'Size of the hidden state') }),
  equations: `
    f[t] = σ(Wxf @ x[t] + Whf @ h[t-1] + bf)
    g[t] = tanh(Wxg @ x[t] + Whg @ (f[t] ⊙ h[t-1]) + bg)
    h[t] = (1 - f[t]) ⊙ h[t-1] + f[t] ⊙ g[t]
  `,
  output: 'h',
  parameters: {
    Wxf: glorotUniform(),
    Whf: orthogonal(),
    bf: zeros(),
    Wxg: glorotUniform(),
    Whg: orthogonal(),
    bg: zeros(),
  },
});

const registry = createRegistry([
  words,
  oneHot,
  vanilla,
  minimalGated,
  manyToOne,
  categoricalCrossEntropy,
  adam,
  truncatedBptt,
  tfjs,
]);

const orders = ['left', 'right'].flatMap((label) =>
  [`please turn to the ${label}`, `${label} at the next corner`, `go ${label} now`, `take a ${label}`].map((text) => ({
    text,
    label,
  })),
);

for (const cell of ['vanilla', 'minimal-gated'] as const) {
  const pipeline = registry.pipeline({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'one-hot' } },
    target: { labels: ['left', 'right'] },
    layers: [{ use: cell, with: { units: 8 } }],
    task: { use: 'many-to-one', with: { pool: 'mean' } },
    optimizer: { use: 'adam', with: { learningRate: 0.03 }, clip: { norm: 1 } },
    trainer: { use: 'truncated-bptt', with: { every: 2, window: 4 } },
    backend: { use: 'tfjs', with: { device: 'cpu' } },
  });
  await pipeline.fit(orders, { epochs: 40, batchSize: 4, seed: 1 });
  const files = await pipeline.toFiles({ slim: true });
  pipeline.dispose();
  // A model carries its equations, so a registry without the cell loads it.
  const model = await createRegistry([words, oneHot, tfjs]).load(files);
  const { label } = await model.predict('now turn to the right please');
  if (label !== 'right') throw new Error(`${cell} said ${label}`);
  console.log(`${cell}: trained, saved, loaded without its package, and right`);
  model.dispose();
}

/** Never called: the error is what the compiler must see. */
export function misfit(): unknown {
  return registry.pipeline({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'one-hot' } },
    // @ts-expect-error a layer that runs backward can't be trained in windows
    layers: [{ use: 'vanilla', direction: 'backward' }],
    task: { use: 'many-to-one' },
    optimizer: { use: 'adam' },
    trainer: { use: 'truncated-bptt' },
    backend: { use: 'tfjs' },
  });
}
