// Sequences as one padded batch, time-major, with what a loss needs.
import type { Batch } from '../contracts/executable.ts';
import type { InputDescription, TargetDescription } from '../contracts/network.ts';
import type { EncodedPart, EncodedSequence } from './encode.ts';

/** Sequences that go through the network together: inputs and lengths alone. */
export function inputBatch(
  sequences: readonly EncodedSequence[],
  exampleIndex: Int32Array,
  input: InputDescription,
): Batch {
  const size = sequences.length;
  const lengths = Int32Array.from(sequences, ({ length }) => length);
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 1);
  const width = input.kind === 'ids' ? 1 : input.size;
  const x = input.kind === 'ids' ? new Int32Array(time * size) : new Float64Array(time * size * width);
  sequences.forEach(({ values, length }, row) => {
    for (let step = 0; step < length; step += 1)
      for (let feature = 0; feature < width; feature += 1)
        x[(step * size + row) * width + feature] = values[step * width + feature] as number;
  });
  return { size, time, inputs: { x }, lengths, exampleIndex, start: new Int32Array(size) };
}

/**
 * The examples at `positions` of a part as a batch with targets. Weights are the class weights divided by their sum over the
 * sequences that have steps, so that the loss is their weighted mean whatever the batch's size.
 * @returns the batch, and that sum.
 */
export function labelledBatch(
  part: EncodedPart,
  positions: Int32Array,
  input: InputDescription,
  target: TargetDescription,
  classWeights: Float64Array,
): { readonly batch: Batch; readonly weight: number } {
  const sequences = Array.from(positions, (position) => part.sequences[position] as EncodedSequence);
  const classes = Int32Array.from(positions, (position) => part.classes[position] as number);
  const weights = Float64Array.from(classes, (label, row) =>
    (sequences[row] as EncodedSequence).length === 0 ? 0 : (classWeights[label] as number),
  );
  const weight = weights.reduce((sum, value) => sum + value, 0);
  if (weight > 0) for (const row of weights.keys()) weights[row] = (weights[row] as number) / weight;
  const exampleIndex = Int32Array.from(positions, (position) => part.exampleIndex[position] as number);
  const targets = target.kind === 'class' ? classes : Float64Array.from(classes);
  return { batch: { ...inputBatch(sequences, exampleIndex, input), targets, weights }, weight };
}
