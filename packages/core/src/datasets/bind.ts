// A data set with its options bound, to be used without a registry.
import type { Dataset, Example } from '../contracts/plugins.ts';
import { parseOptions } from '../options.ts';

/**
 * The examples with the options bound and checked; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating what the data set throws
 */
export function bindDataset<O>(dataset: Dataset<string, O>, options: Partial<O> = {}): AsyncIterable<Example> {
  const bound = parseOptions(dataset.options, options, `dataset "${dataset.name}"`);
  return { [Symbol.asyncIterator]: () => dataset.examples(bound)[Symbol.asyncIterator]() };
}

/** The examples as an array. @throws UnrolledError what the data set throws */
export async function collectExamples<E extends Example>(examples: AsyncIterable<E>): Promise<E[]> {
  const all: E[] = [];
  for await (const example of examples) all.push(example);
  return all;
}
