// Sequences as one padded batch, time-major, with what a loss needs.
import type { Batch, Values } from '../contracts/executable.ts';
import type { InputDescription, NetworkDescription } from '../contracts/network.ts';
import type { Targets } from './codes.ts';
import type { EncodedSequence } from './encode.ts';
import type { EncodedPart } from './part.ts';

/** What decides how sequences lie in a batch. */
export type BatchForm = Pick<NetworkDescription, 'input' | 'source' | 'target'>;

/** Steps that a sequence takes in a batch: its own, or those of its source where there are more. */
export function stepsOf({ length, source }: EncodedSequence): number {
  return Math.max(length, source?.length ?? 0);
}

/** Sequences that go through the network together: inputs and lengths alone. */
export function inputBatch(
  sequences: readonly EncodedSequence[],
  exampleIndex: Int32Array,
  { input, source }: Pick<BatchForm, 'input' | 'source'>,
): Batch {
  const size = sequences.length;
  const lengths = Int32Array.from(sequences, stepsOf);
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 1);
  const x = padded(sequences, input, time);
  const inputs = input.kind === 'bag' ? { x, value: numbersOf(sequences, time) } : { x };
  const batch = { size, time, inputs, lengths, exampleIndex, start: new Int32Array(size) };
  if (source?.kind !== 'encoder') return batch;
  const sources = sequences.map((sequence) => sequence.source as EncodedSequence);
  const sourceLengths = Int32Array.from(sources, ({ length }) => length);
  return { ...batch, inputs: { ...inputs, source: padded(sources, source.input, time) }, sourceLengths };
}

function padded(sequences: readonly EncodedSequence[], input: InputDescription, time: number): Int32Array | Values {
  const size = sequences.length;
  if (input.kind === 'vectors') return paddedVectors(sequences, input.size, time);
  const all = new Int32Array(time * size);
  sequences.forEach(({ values, length }, row) => {
    for (let step = 0; step < length; step += 1) all[step * size + row] = values[step] as number;
  });
  return all;
}

function paddedVectors(sequences: readonly EncodedSequence[], width: number, time: number): Values {
  const size = sequences.length;
  const Kind = sequences[0]?.values instanceof Float32Array ? Float32Array : Float64Array;
  const all = new Kind(time * size * width);
  sequences.forEach(({ values, length }, row) => {
    for (let step = 0; step < length; step += 1)
      all.set(values.subarray(step * width, (step + 1) * width), (step * size + row) * width);
  });
  return all;
}

function numbersOf(sequences: readonly EncodedSequence[], time: number): Float64Array {
  const value = new Float64Array(time * sequences.length);
  sequences.forEach(({ numbers = [] }, row) => {
    for (const [step, number] of numbers.entries()) value[step * sequences.length + row] = number;
  });
  return value;
}

/**
 * The examples at `positions` of a part as a batch with targets. Weights are the class weights divided by their sum over all
 * targets of sequences that have steps, so that the loss is their weighted mean whatever the batch's size.
 * @returns the batch, and that sum.
 */
export function labelledBatch(
  part: EncodedPart,
  positions: Int32Array,
  form: BatchForm,
  classWeights: Float64Array | undefined,
): { readonly batch: Batch; readonly weight: number } {
  const sequences = Array.from(positions, (position) => part.sequences[position] as EncodedSequence);
  const exampleIndex = Int32Array.from(positions, (position) => part.exampleIndex[position] as number);
  const batch = inputBatch(sequences, exampleIndex, form);
  const { size, time, lengths } = batch;
  const terms = form.target.per === 'step' ? time * size : size;
  const targets = form.target.kind === 'class' ? new Int32Array(terms) : new Float64Array(terms);
  const weights = new Float64Array(terms);
  let weight = 0;
  positions.forEach((position, row) => {
    if (lengths[row] === 0) return;
    (part.targets[position] as Targets).forEach((target, step) => {
      const own = classWeights ? (classWeights[target] as number) : 1;
      targets[step * size + row] = target;
      weights[step * size + row] = own;
      weight += own;
    });
  });
  if (weight > 0) for (const term of weights.keys()) weights[term] = (weights[term] as number) / weight;
  return { batch: { ...batch, targets, weights }, weight };
}
