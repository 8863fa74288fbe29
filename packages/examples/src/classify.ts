// What the many-to-one examples share: a training followed to its end and measured, and logistic regression on bags.
import type { Example, History, Pipeline } from '@unrolled/core';
import { type ExampleContext, follow, percent } from './example.ts';
import { registry } from './registry.ts';

/** What is learned from, and what is measured on. */
export interface Parts {
  /** To learn from. */
  readonly train: readonly Example[];
  /** To be measured on. */
  readonly test: readonly Example[];
}

/** Settings of a training of an example, whose number of epochs the context may change. */
export interface Training {
  readonly epochs: number;
  /** Sequences that learn together; 32. */
  readonly batchSize?: number;
}

/** Trains a classifier. @throws UnrolledError `RUN_STOPPED` and what training throws */
export function trainClassifier(
  title: string,
  pipeline: Pipeline<string>,
  train: readonly Example[],
  training: Training,
  context: ExampleContext,
): Promise<History> {
  const { seed, signal, epochs = training.epochs } = context;
  return follow(title, pipeline.fit(train, { ...training, epochs, seed, ...(signal && { signal }) }), context);
}

/** Trains a classifier, measures its share of right answers and frees it. @throws UnrolledError as {@link trainClassifier} */
export async function measureClassifier(
  title: string,
  pipeline: Pipeline<string>,
  { train, test }: Parts,
  training: Training,
  context: ExampleContext,
): Promise<number> {
  try {
    const history = await trainClassifier(title, pipeline, train, training, context);
    await context.trained?.({ title, pipeline, train, test, history });
    return (await pipeline.evaluate(test)).accuracy;
  } finally {
    pipeline.dispose();
  }
}

/** Logistic regression on how often each n-gram of up to `to` units stands in a text. */
export function bagClassifier(unit: 'words' | 'characters', to: number): Pipeline<string> {
  return registry.pipeline({
    input: {
      tokenizer: { use: unit },
      vectorizer: { use: 'bag-of-ngrams', with: { to, minimumDocuments: to > 1 ? 2 : 1 } },
    },
    layers: [],
    task: { use: 'linear' },
    optimizer: { use: 'adam', with: { learningRate: 0.01 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}

/** Prints shares of right answers under each other. */
export function printShares(shares: Readonly<Record<string, number>>, { print }: ExampleContext): void {
  const width = Math.max(...Object.keys(shares).map((title) => title.length));
  for (const [title, share] of Object.entries(shares)) print(`${`${title}:`.padEnd(width + 2)}${percent(share)} right`);
}
