// Trains one pipeline and shows how it goes: a line that moves on a terminal, a line for each epoch otherwise.
import type { Example, FitSettings, History, Pipeline } from '@unrolled/core';
import { showProgress } from './show.ts';

/** Fits `pipeline` and returns its history. */
export async function train(
  name: string,
  pipeline: Pipeline<'negative' | 'positive'>,
  examples: readonly Example[],
  settings: FitSettings<'negative' | 'positive'>,
): Promise<History> {
  const run = pipeline.fit(examples, settings);
  for await (const progress of run) showProgress(name, progress);
  return run;
}
