// What every data set must do.
import type { Dataset, Example, ImageSize, NumberRow } from '@unrolled/core';
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
  const readings = new Map<unknown, Promise<readonly Example[]>>();
  const readOnce = (options: unknown): Promise<readonly Example[]> => {
    const reading = readings.get(options) ?? read(options);
    readings.set(options, reading);
    return reading;
  };
  return [
    ...pluginChecks(plugin, 'dataset'),
    check('names its licence', () => {
      expectThat(plugin.licence.trim().length > 0, 'Its licence must be named in one line.');
    }),
    check('gives examples with a text or with numbers at each step', async () => {
      for (const { title, options } of variants) {
        const examples = await readOnce(options);
        expectThat(examples.length > 0, `${title}: there is no example.`);
        for (const [index, { text, values }] of examples.entries()) {
          const one = (text === undefined) !== (values === undefined);
          expectThat(one, `${title}: example ${index} must have either a text or values.`);
          expectThat(text?.trim() !== '', `${title}: the text of example ${index} is empty.`);
        }
      }
    }),
    check(
      'gives a label for each step, tokens of the text, rows of a picture, targets and numbers as it says',
      async () => {
        for (const { title, options } of variants)
          for (const [index, example] of (await readOnce(options)).entries()) {
            const { text, tokens, values, labels, image, target, number } = example;
            const wrong = (what: string): string => `${title}: ${what} of example ${index}`;
            const steps = (tokens ?? values)?.length;
            expectThat(labels === undefined || labels.length === steps, wrong('the labels must be one for each step'));
            expectThat(tokens === undefined || tokensOf(text, tokens), wrong('the text must hold the tokens in order'));
            expectThat(target?.trim() !== '', wrong('there must be something in the target'));
            expectThat(number === undefined || Number.isFinite(number), wrong('the number must be finite'));
            if (image)
              expectThat(values !== undefined && isPicture(values, image), wrong('the rows must be the picture'));
          }
      },
    ),
    check('gives the same examples each time it is read', async () => {
      for (const { title, options } of variants)
        expectThat(
          same(await readOnce(options), await read(options)),
          `${title}: a second reading gave other examples.`,
        );
    }),
  ];
}

function tokensOf(text: string | undefined, tokens: readonly string[]): boolean {
  let at = 0;
  for (const token of tokens) {
    const found = text?.indexOf(token, at) ?? -1;
    if (token === '' || found < 0) return false;
    at = found + token.length;
  }
  return true;
}

function isPicture(values: readonly NumberRow[], { width, height, channels }: ImageSize): boolean {
  const inRange = (value: number): boolean => value >= 0 && value <= 1;
  return (
    values.length === height && values.every((row) => row.length === width * channels && Array.from(row).every(inRange))
  );
}

async function take(examples: AsyncIterable<Example>, limit: number): Promise<readonly Example[]> {
  const taken: Example[] = [];
  for await (const example of examples) {
    taken.push(example);
    if (taken.length === limit) break;
  }
  return taken;
}
