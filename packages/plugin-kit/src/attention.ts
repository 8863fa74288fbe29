// What every attention must do.
import type { Attention, NetworkDescription, Tensor } from '@unrolled/core';
import type { NumericSettings } from './cell.ts';
import { type Check, check, expectThat } from './check.ts';
import { infer, moduleChecks, networkChecks, trialsOf } from './module-checks.ts';
import { batchOf, CLASSES, compileWith, decoderOf, precisionOf } from './networks.ts';
import { errorOf, expectShape } from './numeric.ts';
import { pluginChecks, smallSizes, variantsOf } from './options.ts';

const target: NetworkDescription['target'] = { kind: 'class', size: CLASSES, per: 'step' };

/** Checks that every attention must pass, between a small encoder and a small decoder. */
export function attentionConformance(plugin: Attention, { backend, options = [] }: NumericSettings): readonly Check[] {
  const variants = variantsOf(plugin, smallSizes(plugin), options);
  const trials = trialsOf(variants, (given) => decoderOf({ attention: plugin.module(given) }));
  const batch = batchOf({ lengths: [3, 1], target, source: true });
  return [
    ...pluginChecks(plugin, 'attention'),
    ...moduleChecks(
      plugin.name,
      variants.map((variant) => [variant.title, plugin.module(variant.options)]),
    ),
    check('names its source', () => {
      expectThat(plugin.source.trim() !== '', 'It must name the paper that it comes from.');
    }),
    check('gives a vector at each step', async () => {
      for (const { title, network } of trials) {
        const executable = await compileWith(backend, network);
        const name = `attention.${network.attention?.output}`;
        const traced = (await executable.trace(batch, executable.initialState(2), [name]))[name];
        expectThat(traced?.shape.length === 3, `${title}: ${name} has shape [${traced?.shape}], not that of a vector.`);
        expectShape(`${title}: the output`, (await infer(executable, batch)).output, [3, 2, CLASSES]);
        executable.dispose();
      }
    }),
    check('names its weights a[t,s], which add up to 1 over the true steps of the source', async () => {
      for (const { title, network } of trials) {
        const executable = await compileWith(backend, network);
        const traced = await executable.trace(batch, executable.initialState(2), ['attention.a']);
        const weights = traced['attention.a'] as Tensor;
        expectShape(`${title}: attention.a`, weights, [3, 3, 2]);
        for (const [t, row] of [
          [0, 0],
          [1, 0],
          [2, 0],
          [0, 1],
        ] as const) {
          const own = [0, 1, 2].map((s) => weights.data[(t * 3 + s) * 2 + row] as number);
          const total = own.reduce((sum, weight) => sum + weight, 0);
          expectThat(Math.abs(total - 1) < 1e-5, `${title}: the weights of step ${t} add up to ${total}.`);
        }
        executable.dispose();
      }
    }),
    check('looks at the memory and at the hidden state', async () => {
      for (const { title, network } of trials) {
        const executable = await compileWith(backend, network);
        const { data } = (await infer(executable, batch)).output;
        for (const [input, what] of [
          ['source', 'what the encoder read'],
          ['x', 'what the decoder read'],
        ] as const) {
          const changed = (batch.inputs[input] as Float64Array).map((value) => -value);
          const other = await infer(executable, { ...batch, inputs: { ...batch.inputs, [input]: changed } });
          const least = precisionOf(backend) === 'float64' ? 1e-9 : 1e-4;
          expectThat(errorOf(other.output.data, data) > least, `${title}: the output does not depend on ${what}.`);
        }
        executable.dispose();
      }
    }),
    ...networkChecks(backend, trials),
  ];
}
