// What every loss must do.
import type { Loss, NetworkDescription, TargetDescription } from '@unrolled/core';
import type { NumericSettings } from './cell.ts';
import { type Check, check, expectThat } from './check.ts';
import { infer, moduleChecks, networkChecks, trialsOf } from './module-checks.ts';
import { batchOf, compileWith, lastStep, networkOf, tensor } from './networks.ts';
import { errorOf, toleranceOf } from './numeric.ts';
import { pluginChecks, variantsOf } from './options.ts';

const links = { class: 'softmax', binary: 'sigmoid', values: 'identity' } as const;

/** Checks that every loss must pass. */
export function lossConformance(plugin: Loss, { backend, options = [] }: NumericSettings): readonly Check[] {
  const variants = variantsOf(plugin, {}, options);
  const target: TargetDescription = {
    kind: plugin.targets === 'class' ? 'class' : 'values',
    size: plugin.targets === 'class' ? 3 : 2,
    per: 'sequence',
  };
  const trials = trialsOf(
    variants,
    (given): NetworkDescription => networkOf({ loss: plugin.module(given), output: lastStep(target.size), target }),
  );
  const batch = (lengths: readonly number[], examples: readonly number[]) => batchOf({ lengths, examples, target });
  return [
    ...pluginChecks(plugin, 'loss'),
    ...moduleChecks(
      plugin.name,
      variants.map((variant) => [variant.title, plugin.module(variant.options)]),
    ),
    check('says what it compares with and how logits are read', () => {
      expectThat(Object.hasOwn(links, plugin.targets), `It compares with "${plugin.targets}".`);
      const said = `A loss of ${plugin.targets} reads logits by ${links[plugin.targets]}, not by ${plugin.link}.`;
      expectThat(plugin.link === links[plugin.targets], said);
    }),
    ...networkChecks(backend, trials),
    check('adds up over the sequences of a batch', async () => {
      for (const { title, network } of trials) {
        const executable = await compileWith(backend, network);
        const lossOf = async (examples: readonly number[]) =>
          (
            await infer(
              executable,
              batch(
                examples.map((example) => example + 2),
                examples,
              ),
            )
          ).loss as number;
        const [together, apart] = [
          await lossOf([0, 1, 2]),
          (await lossOf([0])) + (await lossOf([1])) + (await lossOf([2])),
        ];
        const said = `${title}: three sequences have loss ${together}, but one by one ${apart}.`;
        expectThat(errorOf([together], [apart]) <= toleranceOf(backend), said);
        executable.dispose();
      }
    }),
    check('falls along its gradient', async () => {
      for (const { title, network } of trials) {
        const executable = await compileWith(backend, network);
        const sample = batch([3, 2], [0, 1]);
        const state = executable.initialState(sample.size);
        const before = await executable.trainStep(sample, state, { key: { seed: 1, update: 0 }, learningRate: 0.01 });
        const after = await infer(executable, sample);
        expectThat((after.loss as number) < before.loss, `${title}: it went from ${before.loss} to ${after.loss}.`);
        executable.dispose();
      }
    }),
    check('stays finite for large outputs', async () => {
      for (const { title, network } of trials) {
        const executable = await compileWith(backend, network);
        for (const sign of [1, -1]) {
          const by = tensor(
            [target.size],
            Float64Array.from({ length: target.size }, (_, i) => sign * (i + 1) * 1e4),
          );
          await executable.write({ parameters: { 'output.by': by } });
          const { loss } = await infer(executable, batch([3, 2], [0, 1]));
          expectThat(Number.isFinite(loss), `${title}: with outputs of ${sign * 1e4} and more it is ${loss}.`);
        }
        executable.dispose();
      }
    }),
  ];
}
