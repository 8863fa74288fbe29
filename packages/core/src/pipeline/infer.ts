// Forward passes over many sequences: batches of like length inside, results in the order of the input.
import type { Executable } from '../contracts/executable.ts';
import type { InputDescription, NetworkDescription } from '../contracts/network.ts';
import { inputBatch, labelledBatch } from './batch.ts';
import { createBreathe } from './breathe.ts';
import type { EncodedPart, EncodedSequence } from './encode.ts';

/** Logits `[sequences, outputs]` of `sequences`. */
export async function inferLogits(
  executable: Executable,
  input: InputDescription,
  sequences: readonly EncodedSequence[],
  batchSize: number,
): Promise<Float64Array> {
  const collect = createCollector(sequences.length);
  const breathe = createBreathe();
  for (const positions of batchesByLength(sequences, batchSize)) {
    const members = Array.from(positions, (position) => sequences[position] as EncodedSequence);
    const batch = inputBatch(members, positions, input);
    const { output } = await executable.forward(batch, executable.initialState(batch.size), { mode: 'infer' });
    collect.add(positions, output.data);
    await breathe();
  }
  return collect.logits();
}

/** Logits `[examples, outputs]` of a part, and the mean loss of its examples that have steps (0 where none has). */
export async function inferPart(
  executable: Executable,
  { input, target }: Pick<NetworkDescription, 'input' | 'target'>,
  part: EncodedPart,
  classes: number,
  batchSize: number,
): Promise<{ readonly logits: Float64Array; readonly loss: number; readonly counted: number }> {
  const collect = createCollector(part.sequences.length);
  const breathe = createBreathe();
  const alike = new Float64Array(classes).fill(1);
  let sum = 0;
  let counted = 0;
  for (const positions of batchesByLength(part.sequences, batchSize)) {
    const { batch, weight } = labelledBatch(part, positions, input, target, alike);
    const { output, loss } = await executable.forward(batch, executable.initialState(batch.size), { mode: 'infer' });
    collect.add(positions, output.data);
    sum += (loss as number) * weight;
    counted += weight;
    await breathe();
  }
  return { logits: collect.logits(), loss: counted === 0 ? 0 : sum / counted, counted };
}

/** Positions in batches of like length: sorted by length, so that little is padded; of equals the first comes first. */
function batchesByLength(sequences: readonly EncodedSequence[], batchSize: number): Int32Array[] {
  const length = (position: number): number => (sequences[position] as EncodedSequence).length;
  const order = Int32Array.from(sequences.keys()).sort((a, b) => length(a) - length(b) || a - b);
  const batches: Int32Array[] = [];
  for (let start = 0; start < order.length; start += batchSize) batches.push(order.slice(start, start + batchSize));
  return batches;
}

function createCollector(count: number) {
  let logits = new Float64Array(0);
  return {
    add: (positions: Int32Array, output: ArrayLike<number>): void => {
      const width = output.length / positions.length;
      if (logits.length === 0) logits = new Float64Array(count * width);
      positions.forEach((position, row) => {
        for (let index = 0; index < width; index += 1)
          logits[position * width + index] = output[row * width + index] as number;
      });
    },
    logits: (): Float64Array => logits,
  };
}
