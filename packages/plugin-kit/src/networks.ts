// Small networks and batches that plug-ins of the numeric kinds are tried in. All of them are plain data.
import type {
  Backend,
  Batch,
  CompileSettings,
  EquationModule,
  Executable,
  Initializer,
  NetworkDescription,
  Precision,
  Tensor,
  Tensors,
} from '@unrolled/core';

const small: Initializer = { init: 'uniform', minimum: -0.5, maximum: 0.5 };

/** A module of equations whose parameters all begin small. */
export function moduleFrom(
  name: string,
  equations: string,
  output: string,
  parameters: readonly string[] = [],
  more: Partial<EquationModule> = {},
): EquationModule {
  const listed = Object.fromEntries(parameters.map((parameter) => [parameter, { init: small }]));
  return { name, equations, output, parameters: listed, sizes: {}, constants: {}, shapes: {}, initial: {}, ...more };
}

/** The simple recurrent cell. */
export const simpleCell: EquationModule = moduleFrom(
  'simple',
  'h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bh)',
  'h',
  ['Wxh', 'Whh', 'bh'],
  { sizes: { units: 3 } },
);

/** An output layer that sees the last true step. */
export function lastStep(size: number): EquationModule {
  return headFrom('p = last_s(h[s])\ny = Why @ p + by', size);
}

/** An output layer that sees the mean of the true steps, which does not depend on their order. */
export function meanOfSteps(size: number): EquationModule {
  return headFrom('p = mean_s(h[s])\ny = Why @ p + by', size);
}

/** An output layer that sees the largest values of the true steps. */
export function maxOfSteps(size: number): EquationModule {
  return headFrom('p = max_s(h[s])\ny = Why @ p + by', size);
}

/** An output layer at each step. */
export function eachStep(size: number): EquationModule {
  return headFrom('y[t] = Why @ h[t] + by', size);
}

function headFrom(equations: string, size: number): EquationModule {
  const head = moduleFrom('head', equations, 'y', ['by'], { sizes: { size } });
  return { ...head, parameters: { Why: { shape: ['size', 'hidden'], init: small }, by: { init: small } } };
}

/** Cross-entropy of one class among several. */
const classLoss: EquationModule = moduleFrom('class-loss', 'loss = logSumExp(y) - y · target', 'loss');

/** Gradient descent. */
const descent: EquationModule = moduleFrom('descent', 'w[t] = w[t-1] - rate * g[t]', 'w');

/** Gradient descent with a state of its own. */
export const heavyBall: EquationModule = moduleFrom(
  'heavy-ball',
  'v[t] = 0.5 * v[t-1] + g[t]\nw[t] = w[t-1] - rate * v[t]',
  'w',
);

/** Features of the vectors that the sample batches hold. */
const FEATURES = 2;
/** Classes of their targets. */
export const CLASSES = 3;

/** A source of vectors that one simple layer reads, and a decoder of one that answers at each step, with parts of it replaced. */
export function decoderOf(parts: Partial<NetworkDescription> = {}): NetworkDescription {
  const layers: NetworkDescription['layers'] = [{ module: simpleCell, direction: 'forward', dropout: {} }];
  return networkOf({
    source: { kind: 'encoder', input: { kind: 'vectors', size: FEATURES }, layers },
    layers,
    output: eachStep(CLASSES),
    target: { kind: 'class', size: CLASSES, per: 'step' },
    ...parts,
  });
}

/** A network of one simple layer over vectors that tells three classes apart, with parts of it replaced. */
export function networkOf(parts: Partial<NetworkDescription> = {}): NetworkDescription {
  return {
    language: 1,
    input: { kind: 'vectors', size: FEATURES },
    layers: [{ module: simpleCell, direction: 'forward', dropout: {} }],
    output: lastStep(CLASSES),
    loss: classLoss,
    target: { kind: 'class', size: CLASSES, per: 'sequence' },
    optimizer: descent,
    ...parts,
  };
}

/** `count` numbers between −1 and 1, all distinct and spread evenly; another `salt` gives others. */
function numbers(count: number, salt: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => {
    const spread = (index + 1) * 0.6180339887498949 + salt * 0.7548776662466927;
    return 2 * (spread - Math.floor(spread)) - 1;
  });
}

/** What a sample batch is made of. */
export interface BatchShape {
  /** True steps of each sequence. */
  readonly lengths: readonly number[];
  /** Padded steps; the longest sequence where it is left out. */
  readonly time?: number;
  /** Number of each sequence, which decides its values; 0, 1, 2 … where it is left out. */
  readonly examples?: readonly number[];
  /** What stands in the padding. */
  readonly padding?: number;
  /** What the targets are; one class for each sequence where it is left out. */
  readonly target?: NetworkDescription['target'];
  /** What enters; vectors of two features where it is left out. */
  readonly input?: NetworkDescription['input'];
  /** Whether there is a source beside it, of vectors of two features and half as many steps. */
  readonly source?: boolean;
}

const oneClass: NetworkDescription['target'] = { kind: 'class', size: CLASSES, per: 'sequence' };
const vectors: NetworkDescription['input'] = { kind: 'vectors', size: FEATURES };
const LONGEST = 64;

/** A batch of the sequences that `examples` number: the same sequence is the same in every batch. */
export function batchOf({ lengths, padding = 0, ...shape }: BatchShape): Batch {
  const { target = oneClass, input = vectors, source = false } = shape;
  const size = lengths.length;
  const time = shape.time ?? Math.max(...lengths);
  const examples = shape.examples ?? lengths.map((_, row) => row);
  type ValueAt = (row: number, step: number, feature: number) => number;
  const scatter = (per: number, valueAt: ValueAt, trueLengths = lengths) => {
    const values = new Float64Array(time * size * per).fill(padding);
    trueLengths.forEach((length, row) => {
      for (let step = 0; step < length; step++)
        for (let k = 0; k < per; k++) values[(step * size + row) * per + k] = valueAt(row, step, k);
    });
    return values;
  };
  const features = input.kind === 'vectors' ? input.size : 1;
  const columns = input.kind === 'ids' ? input.vocabulary : input.size;
  const sequences = examples.map((example) => numbers(LONGEST * features, example + 1));
  const at = (row: number, step: number, k: number) => (sequences[row] as Float64Array)[step * features + k] as number;
  const sources = examples.map((example) => numbers(LONGEST * FEATURES, example + 101));
  const sourceAt = (row: number, index: number) => (sources[row] as Float64Array)[index] as number;
  const x =
    input.kind === 'vectors'
      ? scatter(features, at)
      : Int32Array.from(scatter(1, (row, step) => Math.floor(((at(row, step, 0) + 1) / 2) * columns)));
  const sourceLengths = lengths.map((length) => Math.ceil(length / 2));
  const beside = {
    ...(input.kind === 'bag' && { value: scatter(1, (row, step) => 2 * at(row, step, 0)) }),
    ...(source && { source: scatter(FEATURES, (row, step, k) => sourceAt(row, step * FEATURES + k), sourceLengths) }),
  };
  const terms = target.per === 'step' ? time * size : size;
  const exampleOf = (term: number) => (examples[term % size] as number) + Math.floor(term / size);
  const targets =
    target.kind === 'class'
      ? Int32Array.from({ length: terms }, (_, term) => exampleOf(term) % target.size)
      : Float64Array.from({ length: terms * target.size }, (_, i) => (exampleOf(Math.floor(i / target.size)) + i) % 2);
  return {
    size,
    time,
    inputs: { x, ...beside },
    lengths: Int32Array.from(lengths),
    ...(source && { sourceLengths: Int32Array.from(sourceLengths) }),
    targets,
    weights: new Float64Array(terms).fill(0.5),
    exampleIndex: Int32Array.from(examples),
    start: new Int32Array(size),
  };
}

/** The most exact precision of a backend. */
export function precisionOf(backend: Backend): Precision {
  return backend.precisions.includes('float64') ? 'float64' : 'float32';
}

/** Whether a backend promises the same bits each time with its default options. */
export function isDeterministic({ deterministic, options }: Backend): boolean {
  return typeof deterministic === 'function' ? deterministic(options.defaults) : deterministic;
}

/** Compiles `network` with a backend's default options in its most exact precision, and gives every parameter distinct values. */
export async function compileWith(
  backend: Backend,
  network: NetworkDescription,
  settings: CompileSettings = {},
): Promise<Executable> {
  const compile = backend.compile(backend.options.defaults);
  const executable = await compile(network, { precision: precisionOf(backend), ...settings });
  await executable.write({ parameters: distinctParameters(executable) });
  return executable;
}

/** Distinct values in ±0.6 for every parameter: they depend on its place among the others. */
export function distinctParameters({ parameters }: Executable): Tensors {
  return Object.fromEntries(
    parameters.map(({ name, shape }, index) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return [
        name,
        tensor(
          shape,
          numbers(count, index + 10).map((value) => value * 0.6),
        ),
      ];
    }),
  );
}

/** A tensor. */
export function tensor(shape: readonly number[], data: Float64Array): Tensor {
  return { shape, data };
}
