// What the examples that label steps share: a training followed to its end, and the labels found in the test part.
import type { Example, Pipeline } from '@unrolled/core';
import { type ExampleContext, follow } from './example.ts';

/** A label for each step of each example. */
export type StepLabels = readonly (readonly string[])[];

/** What is learned from, how long, and what is measured on. */
export interface LabelledSteps {
  /** To learn from. */
  readonly train: readonly Example[];
  /** To be measured on. */
  readonly test: readonly Example[];
  /** Passes over the training part, where the context has no other. */
  readonly epochs: number;
}

/** Trains a pipeline, labels each step of the test part and frees it. @throws UnrolledError `RUN_STOPPED` and what training throws */
export async function labelSteps(
  title: string,
  pipeline: Pipeline<string, 'labels'>,
  { train, test, ...training }: LabelledSteps,
  context: ExampleContext,
): Promise<StepLabels> {
  const { seed, signal, epochs = training.epochs } = context;
  try {
    const history = await follow(title, pipeline.fit(train, { epochs, seed, ...(signal && { signal }) }), context);
    await context.trained?.({ title, pipeline, train, test, history });
    return (await pipeline.predict(test)).map(({ labels }) => labels);
  } finally {
    pipeline.dispose();
  }
}

/** Every label that the examples have, in order: one that only the test part has must be known too, to count as an error. */
export function labelsOf(examples: readonly Example[]): string[] {
  return [...new Set(examples.flatMap(({ labels = [] }) => labels))].sort();
}
