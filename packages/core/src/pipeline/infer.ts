// Forward passes over many sequences: batches of like length inside, results in the order of the input.
import type { Batch, Executable, Tensor } from '../contracts/executable.ts';
import { type BatchForm, inputBatch, labelledBatch, stepsOf } from './batch.ts';
import { createBreathe } from './breathe.ts';
import { cutSteps } from './cut-steps.ts';
import type { EncodedSequence } from './encode.ts';
import type { EncodedPart } from './part.ts';

/** Most steps that are computed at once where a network streams: longer sequences are read in windows. */
const longestCall = 1024;

/** What one call gave. */
export interface InferredBatch {
  /** The sequences. */
  readonly positions: Int32Array;
  /** `[batch, size]`, or `[time, batch, size]` from step `from` on. */
  readonly output: Tensor;
  /** First step of `output`. */
  readonly from: number;
  /** What was computed. */
  readonly batch: Batch;
}

/** Takes what one call gave; it may not keep it. */
export type Visit = (inferred: InferredBatch) => void;

/** Runs `sequences`, the shortest first. */
export async function inferEach(
  executable: Executable,
  form: BatchForm,
  sequences: readonly EncodedSequence[],
  batchSize: number,
  visit: Visit,
): Promise<void> {
  const breathe = createBreathe();
  for (const positions of batchesByLength(sequences, batchSize)) {
    const members = Array.from(positions, (position) => sequences[position] as EncodedSequence);
    await runWindows(executable, form, inputBatch(members, positions, form), (output, from, batch) =>
      visit({ positions, output, from, batch }),
    );
    await breathe();
  }
}

/** Logits `[sequences, outputs]` of a network that answers once. */
export async function inferLogits(
  executable: Executable,
  form: BatchForm,
  sequences: readonly EncodedSequence[],
  batchSize: number,
): Promise<Float64Array> {
  const collect = createCollector(sequences.length);
  await inferEach(executable, form, sequences, batchSize, collect.add);
  return collect.logits();
}

/** Runs a part, and gives the mean loss of all its targets (0 where there are none) and how many there are. */
export async function inferPart(
  executable: Executable,
  form: BatchForm,
  part: EncodedPart,
  batchSize: number,
  visit: Visit,
): Promise<{ readonly loss: number; readonly counted: number }> {
  const breathe = createBreathe();
  let sum = 0;
  let counted = 0;
  for (const positions of batchesByLength(part.sequences, batchSize)) {
    const { batch, weight } = labelledBatch(part, positions, form, undefined);
    const loss = await runWindows(executable, form, batch, (output, from, window) =>
      visit({ positions, output, from, batch: window }),
    );
    sum += loss * weight;
    counted += weight;
    await breathe();
  }
  return { loss: counted === 0 ? 0 : sum / counted, counted };
}

/** Runs a batch at once, or window by window where it is long and the network streams. @returns its loss, 0 without targets. */
async function runWindows(
  executable: Executable,
  { target }: BatchForm,
  whole: Batch,
  visit: (output: Tensor, from: number, batch: Batch) => void,
): Promise<number> {
  let state = executable.initialState(whole.size);
  let loss = 0;
  const perStep = target.per === 'step';
  const step = executable.streams === true && perStep ? longestCall : whole.time;
  for (let from = 0; from < whole.time; from += step) {
    const batch = step < whole.time ? cutSteps(whole, from, Math.min(from + step, whole.time)) : whole;
    const result = await executable.forward(batch, state, { mode: 'infer' });
    visit(result.output, from, batch);
    loss += result.loss ?? 0;
    state = result.state;
  }
  return loss;
}

/** Positions in batches of like length: sorted by length, so that little is padded; of equals the first comes first. */
export function batchesByLength(sequences: readonly EncodedSequence[], batchSize: number): Int32Array[] {
  const length = (position: number): number => stepsOf(sequences[position] as EncodedSequence);
  const order = Int32Array.from(sequences.keys()).sort((a, b) => length(a) - length(b) || a - b);
  const batches: Int32Array[] = [];
  for (let start = 0; start < order.length; start += batchSize) batches.push(order.slice(start, start + batchSize));
  return batches;
}

/** Gathers the logits of a network that answers once, in the order of the positions. */
export function createCollector(count: number) {
  let logits = new Float64Array(0);
  return {
    add: ({ positions, output: { data } }: Pick<InferredBatch, 'positions' | 'output'>): void => {
      const width = data.length / positions.length;
      if (logits.length === 0) logits = new Float64Array(count * width);
      positions.forEach((position, row) => {
        for (let index = 0; index < width; index += 1)
          logits[position * width + index] = data[row * width + index] as number;
      });
    },
    logits: (): Float64Array => logits,
  };
}
