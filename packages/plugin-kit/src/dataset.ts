// What every data set must do.
import type { Dataset, Example } from '@unrolled/core';
import { type Check, check, expectThat } from './check.ts';
import { type Options, pluginChecks, variantsOf } from './options.ts';
import { same } from './plain.ts';

/** What a caller may add to the checks of a data set. */
export interface DatasetSettings {
  /** Options to try besides the defaults, each flag turned over and each choice. */
  readonly options?: readonly Options[];
  /** Examples to look at; 1000. */
  readonly limit?: number;
}

/** Checks that every data set must pass. */
export function datasetConformance(plugin: Dataset, settings: DatasetSettings = {}): readonly Check[] {
  const variants = variantsOf(plugin, {}, settings.options ?? []);
  const read = (options: unknown) => take(plugin.examples(options), settings.limit ?? 1000);
  return [
    ...pluginChecks(plugin, 'dataset'),
    check('names its licence', () => {
      expectThat(plugin.licence.trim().length > 0, 'Its licence must be named in one line.');
    }),
    check('gives examples with a text or with numbers at each step', async () => {
      for (const { title, options } of variants) {
        const examples = await read(options);
        expectThat(examples.length > 0, `${title}: there is no example.`);
        for (const [index, { text, values }] of examples.entries()) {
          const one = (text === undefined) !== (values === undefined);
          expectThat(one, `${title}: example ${index} must have either a text or values.`);
          expectThat(text?.trim() !== '', `${title}: the text of example ${index} is empty.`);
        }
      }
    }),
    check('gives the same examples each time it is read', async () => {
      for (const { title, options } of variants)
        expectThat(same(await read(options), await read(options)), `${title}: a second reading gave other examples.`);
    }),
  ];
}

async function take(examples: AsyncIterable<Example>, limit: number): Promise<readonly Example[]> {
  const taken: Example[] = [];
  for await (const example of examples) {
    taken.push(example);
    if (taken.length === limit) break;
  }
  return taken;
}
