// What another library needs to train the same network on the same numbers: layers, settings and first weights.
import { lstmCell } from '@unrolled/cell-lstm';
import {
  type EquationModule,
  type Initializer,
  type InputDescription,
  initialise,
  type Json,
  type LayerDescription,
  type NetworkDescription,
  type Tensors,
} from '@unrolled/core';
import type { TrainedNetwork } from '@unrolled/examples';

/** A layer, whose sizes its weights tell. */
export interface LayerGiven {
  readonly cell: (typeof cells)[number];
  readonly both: boolean;
  /** Rates of its input and of its output, a new mask at each step. */
  readonly dropout: { readonly input: number; readonly output: number };
}

/** Values of a tensor as base64 of float32. */
interface WeightGiven {
  readonly shape: readonly number[];
  readonly values: string;
}

/** How a network is trained, and the weights that it begins with: those that ours began with. */
export interface TrainingDescription {
  readonly training: {
    readonly seed: number;
    readonly threads: number;
    readonly epochs: number;
    readonly batchSize: number;
    readonly rate: number;
    /** What the rate falls to, as a share. */
    readonly schedule: ScheduleGiven;
    readonly betas: readonly [number, number];
    readonly epsilon: number;
    /** Bound on the norm of the gradient. */
    readonly clip: number;
    readonly earlyStopping?: StoppingGiven;
  };
  readonly weights: Readonly<Record<string, WeightGiven>>;
}

interface ScheduleGiven {
  readonly kind: 'linear' | 'cosine';
  readonly final: number;
}

interface StoppingGiven {
  readonly monitor: 'loss' | 'accuracy';
  readonly patience: number;
  readonly minimumDelta: number;
}

/** Takes down settings and first weights. @throws Error where PyTorch's scripts don't know a setting */
export async function describeTraining(
  { pipeline, history }: TrainedNetwork,
  threads: number,
): Promise<TrainingDescription> {
  const { network, parameters } = await pipeline.anatomy();
  const { epochs, batchSize, seed, earlyStopping } = checkedSettings(history.settings);
  const { optimizer, clip } = network;
  if (optimizer?.name !== 'adam' || clip?.norm === undefined || clip.value !== undefined)
    throw new Error('The optimizer must be Adam, with the norm of gradients clipped.');
  const { learningRate, beta1, beta2, epsilon } = optimizer.constants as Readonly<
    Record<'learningRate' | 'beta1' | 'beta2' | 'epsilon', number>
  >;
  return {
    training: {
      seed,
      threads,
      epochs,
      batchSize,
      rate: learningRate,
      schedule: scheduleOf(pipeline.manifest as unknown as ManifestGiven),
      betas: [beta1, beta2],
      epsilon,
      clip: clip.norm,
      ...(earlyStopping && { earlyStopping }),
    },
    weights: weightsGiven(firstWeights(network, parameters, seed)),
  };
}

/** What of a manifest no network description tells. */
interface ManifestGiven {
  readonly optimizer: { readonly with?: { readonly schedule?: ScheduleGiven & { readonly warmup?: number } } };
}

/** As scripts know them. */
interface SettingsGiven {
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly earlyStopping?: StoppingGiven & { readonly restoreBest: boolean };
}

function checkedSettings(settings: Readonly<Record<string, Json>>): SettingsGiven {
  for (const name of ['classWeights', 'maximumLength', 'scheduledSampling'])
    if (settings[name] !== undefined) throw new Error(`PyTorch’s scripts don’t know the setting ${name}.`);
  if (typeof settings.validation === 'number') throw new Error('The validation part must be examples of its own.');
  const known = settings as unknown as SettingsGiven;
  if (known.earlyStopping?.restoreBest === false) throw new Error('Early stopping must bring the best epoch back.');
  return known;
}

function scheduleOf({ optimizer }: ManifestGiven): ScheduleGiven {
  const schedule = optimizer.with?.schedule;
  if (!schedule) return { kind: 'linear', final: 1 };
  if (!['linear', 'cosine'].includes(schedule.kind) || schedule.warmup !== undefined)
    throw new Error('The schedule must be linear or a cosine, without a warm-up.');
  return schedule;
}

/** Takes down layers. @throws Error where they have what PyTorch's scripts don't know */
export function describeLayers(layers: readonly LayerDescription[]): readonly LayerGiven[] {
  return layers.map(({ module, direction, dropout: { input = 0, output = 0, ...dropout }, residual }) => {
    const cell = cells.find((each) => equations[each] === (module.name === 'patches' ? 'patches' : module.equations));
    const plain = cell && direction !== 'backward' && !residual && Object.keys(dropout).length === 0;
    if (!plain || (cell === 'lstm' && output > 0))
      throw new Error(
        'Layers must be plain lstm, forward or both ways, dense or patches, with dropout of their input, or of what others give.',
      );
    return { cell, both: direction === 'both', dropout: { input, output } };
  });
}

const cells = ['lstm', 'dense', 'normalised dense', 'patches'] as const;

/** What scripts compute. */
const equations: Readonly<Record<(typeof cells)[number], string>> = {
  lstm: lstmCell().equations,
  dense: 'h[t] = relu(Wxh @ x[t] + bh)',
  'normalised dense': 'h[t] = relu(layerNorm(Wxh @ x[t]) + bh)',
  // The captioner's, whose equations are as long as a picture has patches.
  patches: 'patches',
};

/** What enters the layers must be vectors as they are, or a learned embedding. @throws Error where it is not */
export function checkInput(input: InputDescription): void {
  const plain = input.kind === 'vectors' && !input.module;
  const learned = input.kind === 'ids' && input.module?.equations === 'e[t] = Eᵀ @ x[t]';
  if (!plain && !learned) throw new Error('The input must be vectors or a learned embedding.');
}

/** The weights that ours began with. */
function firstWeights(network: NetworkDescription, parameters: Tensors, seed: number): Tensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [
      name,
      { shape, data: initialise({ name, shape, init: initializerOf(network, name) }, seed) },
    ]),
  );
}

/** How a parameter begins. @param name - where it stands: `source.layers.0.forward.Wxi`. */
function initializerOf(network: NetworkDescription, name: string): Initializer {
  const path = name.split('.').filter((part) => part !== 'forward' && part !== 'backward');
  const parameter = path.pop() as string;
  const holder = path.reduce((at: unknown, part) => (at as Readonly<Record<string, unknown>>)[part], network);
  const { module = holder } = holder as { readonly module?: unknown };
  const { init } = (module as EquationModule).parameters[parameter] ?? {};
  if (!init) throw new Error(`The network does not say how ${name} begins.`);
  return init;
}

/** Weights as scripts read them. */
export function weightsGiven(weights: Tensors): TrainingDescription['weights'] {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      { shape, values: inBase64(Float32Array.from(data)) },
    ]),
  );
}

/** Sequences one after the other, as base64, since as lists they would be too long for one text. */
export interface Packed {
  /** Steps of each. */
  readonly lengths: readonly number[];
  /** Of a step's vector; 0 where steps are numbers. */
  readonly width: number;
  /** int32 numbers `[steps]`, or float32 vectors `[steps, width]`. */
  readonly values: string;
}

/** Packs sequences. @param width - of a step's vector; 0 where steps are numbers. */
export function pack(sequences: readonly ArrayLike<number>[], width = 0): Packed {
  const total = sequences.reduce((sum, { length }) => sum + length, 0);
  const all = width > 0 ? new Float32Array(total) : new Int32Array(total);
  let at = 0;
  for (const sequence of sequences) {
    all.set(sequence, at);
    at += sequence.length;
  }
  return { lengths: sequences.map(({ length }) => length / Math.max(1, width)), width, values: inBase64(all) };
}

function inBase64({ buffer, byteOffset, byteLength }: Int32Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
