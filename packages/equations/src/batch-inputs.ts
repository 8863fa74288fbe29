// What a network reads of a batch: its inputs by name, how many numbers each has, and where a batch holds them.
import type { Batch, InputDescription, NetworkDescription, Values } from '@unrolled/core';

/** Names of the leaves that come from a batch. */
export const batchInputs = { x: 'x', value: 'value', target: 'target', weight: 'weight' } as const;

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
export function batchInputsOf({ input }: Pick<NetworkDescription, 'input'>): readonly BatchInput[] {
  return inputsOf(input, batchInputs.x, 'step');
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

/** What a batch holds under the name of a leaf; undefined for what it lacks. */
export function batchValues(batch: Batch, name: string): Int32Array | Values | undefined {
  if (name === batchInputs.target) return batch.targets;
  return name === batchInputs.weight ? batch.weights : batch.inputs[name];
}
