// Trains one pipeline and shows how it goes: a line that moves on a terminal, a line for each epoch otherwise.
import type { Example, FitSettings, History, Pipeline } from '@unrolled/core';
import type { Label } from './labels.ts';
import { showProgress } from './show.ts';

/** Fits `pipeline` and returns its history. */
export async function train(
  name: string,
  pipeline: Pipeline<Label>,
  examples: readonly Example[],
  settings: FitSettings<Label>,
): Promise<History> {
  const run = pipeline.fit(examples, settings);
  for await (const progress of run) showProgress(name, progress);
  return run;
}
