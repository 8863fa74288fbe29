// What the examples that write sequences share: a training followed to its end, and what was written for the test part.
import type { DecodeSettings, Example, FitSettings, GeneratedSequence, Pipeline } from '@unrolled/core';
import { type ExampleContext, follow } from './example.ts';

/** What is learned from, how, and what is written for. */
export interface Writing extends Pick<FitSettings, 'batchSize' | 'earlyStopping'> {
  /** To learn from. */
  readonly train: readonly Example[];
  /** To choose the epoch by. */
  readonly validation?: readonly Example[];
  /** To be written for. */
  readonly test: readonly Example[];
  /** Passes over the training part, where the context has no other. */
  readonly epochs: number;
  /** How sequences are searched for, one way after the other. */
  readonly searches: readonly DecodeSettings[];
}

/**
 * Trains a pipeline, writes a sequence for each example of the test part, with its attention where there is one, and frees it.
 * @returns what was written `[searches][examples]`.
 * @throws UnrolledError `RUN_STOPPED` and what training throws
 */
export async function writeSequences(
  title: string,
  pipeline: Pipeline<string, 'sequence'>,
  { train, test, searches, ...training }: Writing,
  context: ExampleContext,
): Promise<readonly (readonly GeneratedSequence[])[]> {
  const { seed, signal, epochs = training.epochs } = context;
  try {
    const run = pipeline.fit(train, { ...training, epochs, seed, ...(signal && { signal }) });
    const history = await follow(title, run, context);
    const { validation } = training;
    await context.trained?.({ title, pipeline, train, ...(validation && { validation }), test, history });
    const attention = (await pipeline.anatomy()).network.attention !== undefined;
    const written: (readonly GeneratedSequence[])[] = [];
    for (const search of searches) written.push(await pipeline.predict(test, { ...search, attention }));
    return written;
  } finally {
    pipeline.dispose();
  }
}
