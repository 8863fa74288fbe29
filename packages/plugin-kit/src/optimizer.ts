// What every optimizer must do.
import type { Executable, Optimizer } from '@unrolled/core';
import type { NumericSettings } from './cell.ts';
import { type Check, check, expectThat } from './check.ts';
import { infer, moduleChecks } from './module-checks.ts';
import { batchOf, compileWith, isDeterministic, networkOf } from './networks.ts';
import { expectFinite } from './numeric.ts';
import { pluginChecks, variantsOf } from './options.ts';
import { same } from './plain.ts';

const batch = batchOf({ lengths: [4, 2, 3] });
const PLANNED = 20;

/** Checks that every optimizer must pass. */
export function optimizerConformance(plugin: Optimizer, { backend, options = [] }: NumericSettings): readonly Check[] {
  const variants = variantsOf(plugin, {}, options);
  const compile = (given: unknown) => compileWith(backend, networkOf({ optimizer: plugin.module(given) }));
  /** Updates `from` to `to` of `PLANNED`; `still` gives the loss no weight. */
  const train = async (executable: Executable, given: unknown, from: number, to: number, still = false) => {
    const sample = still ? { ...batch, weights: new Float64Array(batch.size) } : batch;
    for (let update = from; update < to; update++)
      await executable.trainStep(sample, executable.initialState(batch.size), {
        key: { seed: 1, update },
        learningRate: plugin.learningRate(given, update, PLANNED),
      });
  };
  return [
    ...pluginChecks(plugin, 'optimizer'),
    ...moduleChecks(
      plugin.name,
      variants.map((variant) => [variant.title, plugin.module(variant.options)]),
    ),
    check('has a learning rate for every update', () => {
      for (const { title, options: given } of variants)
        for (const update of [0, 1, 9, 10, 1000]) {
          const rate = plugin.learningRate(given, update, 10);
          expectThat(Number.isFinite(rate) && rate >= 0, `${title}: the rate of update ${update} of 10 is ${rate}.`);
        }
    }),
    check('makes the loss fall', async () => {
      for (const { title, options: given } of variants) {
        const executable = await compile(given);
        const before = (await infer(executable, batch)).loss as number;
        await train(executable, given, 0, PLANNED);
        const after = (await infer(executable, batch)).loss as number;
        expectThat(after < before, `${title}: ${PLANNED} updates took the loss from ${before} to ${after}.`);
        executable.dispose();
      }
    }),
    check('changes no weight at a learning rate of 0', async () => {
      for (const { title, options: given } of variants) {
        const executable = await compile(given);
        const before = (await executable.read()).parameters;
        await executable.trainStep(batch, executable.initialState(batch.size), {
          key: { seed: 1, update: 0 },
          learningRate: 0,
        });
        expectThat(same((await executable.read()).parameters, before), `${title}: weights changed.`);
        executable.dispose();
      }
    }),
    check('stays finite where there is no gradient', async () => {
      for (const { title, options: given } of variants) {
        const executable = await compile(given);
        await train(executable, given, 0, 3, true);
        for (const [name, value] of Object.entries((await executable.read()).parameters))
          expectFinite(`${title}: ${name}`, value);
        executable.dispose();
      }
    }),
    check(
      'goes on from what was read as if it had not been interrupted',
      async () => {
        for (const { title, options: given } of variants) {
          const [whole, first, second] = [await compile(given), await compile(given), await compile(given)];
          await train(whole, given, 0, 6);
          await train(first, given, 0, 3);
          await second.write(await first.read());
          await train(second, given, 3, 6);
          expectThat(same(await second.read(), await whole.read()), `${title}: weights or optimizer state differ.`);
          for (const executable of [whole, first, second]) executable.dispose();
        }
      },
      isDeterministic(backend) ? undefined : `backend "${backend.name}" is not deterministic`,
    ),
  ];
}
