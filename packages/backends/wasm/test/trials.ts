// Networks and batches that the tests of this folder share, and the bits of whatever a call gives.
import { lstmCell } from '@unrolled/cell-lstm';
import {
  type Batch,
  type EquationModule,
  type Executable,
  initialise,
  type LayerDescription,
  type NetworkDescription,
  type State,
  type Tensors,
} from '@unrolled/core';
import { categoricalCrossEntropyLoss } from '@unrolled/losses';
import { adamOptimizer } from '@unrolled/optimizers';
import { manyToOneTask } from '@unrolled/task-many-to-one';

/** A module from its text; parameters by name with declared shapes, or none. */
export function moduleOf(
  equations: string,
  output: string,
  parameters: Readonly<Record<string, readonly (number | string)[] | undefined>> = {},
  more: Partial<EquationModule> = {},
): EquationModule {
  const init = { init: 'uniform', minimum: -0.5, maximum: 0.5 } as const;
  return {
    ...{ name: output, equations, output, sizes: {}, constants: {}, shapes: {}, initial: {} },
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, shape]) => [name, { init, ...(shape && { shape }) }]),
    ),
    ...more,
  };
}

/** A forward layer. */
export function layerOf(module: EquationModule, more: Partial<LayerDescription> = {}): LayerDescription {
  return { module, direction: 'forward', dropout: {}, ...more };
}

/** A forward LSTM layer. */
export function lstmLayer(units: number, more: Partial<LayerDescription> = {}): LayerDescription {
  return layerOf(lstmCell({ units }), more);
}

/** A network that sorts sequences of vectors into three classes and learns by Adam with clipping. */
export function networkOf(parts: Partial<NetworkDescription> = {}): NetworkDescription {
  return {
    language: 1,
    input: { kind: 'vectors', size: 6 },
    layers: [lstmLayer(8)],
    output: manyToOneTask(3),
    loss: categoricalCrossEntropyLoss(),
    target: { kind: 'class', size: 3, per: 'sequence' },
    optimizer: adamOptimizer({}),
    clip: { norm: 0.5 },
    ...parts,
  };
}

/** Equations of an embedding. */
export const embedding: EquationModule = moduleOf('e[t] = Eᵀ @ x[t]', 'e', { E: ['vocabulary', 12] });

/** Numbers that depend on the name alone, between −1 and 1. */
export function numbers(name: string, count: number): Float64Array {
  return initialise({ name, shape: [count], init: { init: 'uniform', minimum: -1, maximum: 1 } }, 5);
}

/** A batch of these lengths; its numbers depend on the name. */
export function batchOf(
  { input, source, target }: NetworkDescription,
  lengths: readonly number[],
  { name = 'batch', time = Math.max(0, ...lengths) }: { readonly name?: string; readonly time?: number } = {},
): Batch {
  const size = lengths.length;
  const terms = target.per === 'step' ? time * size : size;
  const classes = (what: string, count: number, classCount: number) =>
    Int32Array.from(numbers(`${name} ${what}`, count), (number) => Math.floor((number + 1) * 0.5 * classCount));
  const entering = (what: string, { kind, ...each }: NetworkDescription['input']) =>
    kind === 'ids' && 'vocabulary' in each
      ? classes(`${what}ids`, time * size, each.vocabulary)
      : numbers(`${name} ${what}x`, time * size * ('size' in each ? each.size : 1));
  return {
    size,
    time,
    inputs: {
      x: entering('', input),
      ...(source?.kind === 'encoder' && { source: entering('source ', source.input) }),
    },
    lengths: Int32Array.from(lengths),
    ...(source && { sourceLengths: Int32Array.from(lengths, (length, row) => Math.max(0, length - (row % 3))) }),
    targets:
      target.kind === 'class' ? classes('targets', terms, target.size) : numbers(`${name} y`, terms * target.size),
    weights: new Float64Array(terms).fill(1 / Math.max(1, size)),
    exampleIndex: Int32Array.from(lengths, (_, row) => 3 * row + 1),
    start: new Int32Array(size),
  };
}

/** Lengths from 0 to `time`, of which one is `time`. */
export function ragged(size: number, time: number): number[] {
  return Array.from({ length: size }, (_, row) => (row === 0 ? time : (row * 7 + 3) % (time + 1)));
}

/** First values of all parameters, the same for every executable of a network. */
export function weightsOf({ parameters }: Pick<Executable, 'parameters'>): Tensors {
  return Object.fromEntries(
    parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, 17) }] as const),
  );
}

/** All numbers of tensors and of lone numbers, as text in which every bit shows. */
export function bitsOf(...all: readonly (State | Tensors | number)[]): string {
  const arrays = all.flatMap((each) =>
    typeof each === 'number' ? [Float64Array.of(each)] : Object.values(each).map(({ data }) => data),
  );
  return arrays
    .map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString('base64'))
    .join();
}
