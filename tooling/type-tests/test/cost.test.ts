// What the registry's types cost: instantiations, which unlike seconds are the same on every machine.
import { expect, it } from 'vitest';
import { samples } from '../../../packages/core/test/registry/samples.ts';
import { countInstantiations } from '../src/snippets.ts';

const PLUGINS = 40;
const cells = Array.from({ length: PLUGINS - samples.plugins.length }, (_, index) => index);

/** Manifests over a registry of 40 plug-ins, no two alike. */
function program(manifests: number): string {
  const defined = cells.map(
    (cell) => `interface Options${cell} { units: number; rate${cell}: number }
const cell${cell} = defineCell({
  name: 'cell-${cell}', package: 'cost', source: 'none', output: 'h',
  options: defineOptions<Options${cell}>({ units: size(8, ''), rate${cell}: number(1, '') }),
  equations: 'h[t] = rate${cell} * (W @ x[t])', parameters: { W: glorotUniform() },
});`,
  );
  const checked = Array.from({ length: manifests }, (_, index) => {
    const cell = index % cells.length;
    const [trainer, direction] = index % 2 === 0 ? ['bptt', 'both'] : ['truncated-bptt', 'forward'];
    return `registry.manifest({
  input: { tokenizer: { use: 'words', with: { lowercase: true } }, vectorizer: { use: 'one-hot' } },
  target: { labels: ['a${index}', 'b'] },
  layers: [{ use: 'cell-${cell}', with: { units: ${index}, rate${cell}: 1 }, direction: '${direction}' }, { use: 'vanilla' }],
  task: { use: 'many-to-one' }, loss: { use: 'categorical-cross-entropy' },
  optimizer: { use: 'sgd', clip: { norm: ${index + 1} } }, trainer: { use: '${trainer}' },
  backend: { use: 'exact', precision: 'float64' },
});`;
  });
  return `import { createRegistry, defineCell, defineOptions, glorotUniform, number, size } from '../../packages/core/src/index.ts';
import { samples } from '../../packages/core/test/registry/samples.ts';
${defined.join('\n')}
const registry = samples.with([${cells.map((cell) => `cell${cell}`).join(', ')}]);
${checked.join('\n')}`;
}

it('checks 100 manifests against 40 plug-ins in few instantiations', () => {
  const first = countInstantiations(program(1));
  const hundred = countInstantiations(program(100));
  console.log(`instantiations: ${first} for one manifest, ${hundred} for 100`);
  expect(hundred).toBeLessThan(100_000);
  expect((hundred - first) / 99).toBeLessThan(800);
});
