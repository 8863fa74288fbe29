// What a network reads of a batch: its inputs by name, how many numbers each has, and where a batch holds them.
import type { Batch, InputDescription, NetworkDescription, Values } from '@unrolled/core';

/** Names of the leaves that come from a batch. */
export const batchInputs = {
  x: 'x',
  value: 'value',
  source: 'source',
  sourceLengths: 'sourceLengths',
  memory: 'memory',
  target: 'target',
  weight: 'weight',
} as const;

/** One input of a network. */
export interface BatchInput {
  /** What it is named in a batch and in the graph: `x`. */
  readonly name: string;
  /** A class number, a single number, or a vector. */
  readonly kind: 'ids' | 'number' | 'vectors';
  /** How many classes there are, or the vector's size; 1 for a single number. */
  readonly size: number;
  /** Whether there is one at each step or one for a sequence. */
  readonly per: 'step' | 'sequence';
}

/** The inputs of a network, in a fixed order. */
export function batchInputsOf({ input, source }: Pick<NetworkDescription, 'input' | 'source'>): readonly BatchInput[] {
  switch (source?.kind) {
    case 'encoder':
      return [...inputsOf(source.input, batchInputs.source, 'step'), ...inputsOf(input, batchInputs.x, 'step')];
    case 'memory':
      return [
        { name: batchInputs.memory, kind: 'vectors', size: source.size, per: 'step' },
        ...inputsOf(input, batchInputs.x, 'sequence'),
      ];
    default:
      return inputsOf(input, batchInputs.x, 'step');
  }
}

function inputsOf(input: InputDescription, name: string, per: BatchInput['per']): readonly BatchInput[] {
  switch (input.kind) {
    case 'ids':
      return [{ name, kind: 'ids', size: input.vocabulary, per }];
    case 'vectors':
      return [{ name, kind: 'vectors', size: input.size, per }];
    case 'bag':
      return [
        { name, kind: 'ids', size: input.size, per },
        { name: batchInputs.value, kind: 'number', size: 1, per },
      ];
  }
}

/** How many numbers an input has at one place. */
export function inputWidth({ kind, size }: Pick<BatchInput, 'kind' | 'size'>): number {
  return kind === 'vectors' ? size : 1;
}

/**
 * What a batch holds under the name of a leaf; undefined for what it lacks. A source is 0 beyond its own end, since what is
 * computed there, while the other sequence goes on, must be a number even though nothing reads it.
 */
export function batchValues(batch: Batch, name: string): Int32Array | Values | undefined {
  switch (name) {
    case batchInputs.target:
      return batch.targets;
    case batchInputs.weight:
      return batch.weights;
    case batchInputs.sourceLengths:
      return batch.sourceLengths;
    case batchInputs.source:
      return withoutRest(batch, batch.inputs.source);
    default:
      return batch.inputs[name];
  }
}

/** `[time, batch, …]` with zeros from the end of each source to that of its sequence. */
function withoutRest<V extends Int32Array | Values>(
  { size, time, lengths, sourceLengths }: Batch,
  source: V | undefined,
): V | undefined {
  if (!source || !sourceLengths || sourceLengths.every((length, row) => length === lengths[row])) return source;
  const width = source.length / (time * size);
  const out = source.slice() as V;
  for (let row = 0; row < size; row++)
    for (let step = sourceLengths[row] as number; step < (lengths[row] as number); step++)
      out.fill(0, (step * size + row) * width, (step * size + row + 1) * width);
  return out;
}
