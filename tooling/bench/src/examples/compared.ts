// What an example is compared by: trainings of ours and of the same network in PyTorch.
import { readFileSync } from 'node:fs';
import { runPython } from '@unrolled/peers';
import type { ExampleName } from '../arguments.ts';

/** What came of one training. */
export interface Outcome {
  /** How good it is, by `measure` of the example. */
  readonly quality: number;
  /** Wall-clock seconds of each epoch. */
  readonly seconds: readonly number[];
  /** Seconds of processors, all threads together, of each epoch but the first. */
  readonly processor: readonly number[];
}

/** An example beside PyTorch. One file each; `list.ts` names them. */
export interface ComparedExample {
  /** Of the example. */
  readonly name: ExampleName;
  /** What `quality` is: `accuracy`. */
  readonly measure: string;
  /** Trains both with a seed, one after the other. @param epochs - where they should be others than the example's own. */
  readonly train: (seed: number, epochs?: number) => Promise<{ readonly ours: Outcome; readonly theirs: Outcome }>;
}

/** Runs a script of this folder: its `main`. */
export function runScript<Output = Outcome>(file: string, input: unknown): Promise<Output> {
  const script = readFileSync(new URL(file, import.meta.url), 'utf8');
  return runPython<Output>(script, input, { timeoutSeconds: 3600 });
}
