// An example of a label for each step beside the same network in PyTorch: same numbers, sizes and settings.
import type { Example, InputDescription, Json } from '@unrolled/core';
import { examples, type TrainedNetwork } from '@unrolled/examples';
import type { ExampleName } from '../arguments.ts';
import { cores } from '../cores.ts';
import { type ComparedExample, type Outcome, runScript } from './compared.ts';

/** Layers with a label for each step, and all about their training but the seed. */
interface Given {
  /** Of numbers of tokens; absent where steps are vectors. */
  readonly embedding?: { readonly vocabulary: number; readonly size: number; readonly range: number };
  /** Of a step where steps are vectors. */
  readonly width?: number;
  readonly layers: readonly { readonly cell: string; readonly units: number; readonly both: boolean }[];
  /** Before the output layer. */
  readonly dropout: number;
  readonly classes: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly train: Encoded;
  readonly test: Encoded;
}

/** Sequences one after the other, as base64, since as lists they would be too long for one text. */
interface Encoded {
  /** Steps of each. */
  readonly lengths: readonly number[];
  /** int32 numbers of tokens `[steps]`, or float32 vectors `[steps, width]`. */
  readonly x: string;
  /** int32 class numbers `[steps]`. */
  readonly y: string;
}

interface Trained {
  readonly ours: Outcome;
  readonly given: Given;
}

/** Compares the network that an example reports as `title`. @param share - what its accuracy is called among its measures. */
export function comparedManyToMany(name: ExampleName, title: string, share: string): ComparedExample {
  return {
    name,
    measure: 'accuracy of steps',
    train: async (seed) => {
      const { ours, given } = await trainOurs(name, title, share, seed);
      return { ours, theirs: await runScript('many_to_many.py', { ...given, seed, threads: cores }) };
    },
  };
}

/** Trains the example as it is shipped, and takes down what another library needs to do the same. */
async function trainOurs(name: string, title: string, share: string, seed: number): Promise<Trained> {
  const example = examples.find((each) => each.name === name);
  if (!example) throw new Error(`There is no example ${name}.`);
  const clock: number[] = []; // at the end of each epoch of each network
  let found: { readonly given: Given; readonly ours: Omit<Outcome, 'quality'> } | undefined;
  const { measures } = await example.run({
    seed,
    print: () => {},
    note: () => clock.push(processorSeconds()),
    trained: async (network) => {
      if (network.title !== title) return;
      const seconds = network.history.epochs.map((epoch) => epoch.seconds);
      const ends = clock.slice(-seconds.length);
      const processor = ends.slice(1).map((end, before) => end - (ends[before] as number));
      found = { ours: { seconds, processor }, given: await describeNetwork(network) };
    },
  });
  if (!found) throw new Error(`The example ${name} trained no network called ${title}.`);
  const { recurrent } = measures as { readonly recurrent: Readonly<Record<string, number>> };
  return { ...found, ours: { ...found.ours, quality: recurrent[share] as number } };
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Takes down everything. @throws Error where the network has what PyTorch's script does not know */
async function describeNetwork({ pipeline, train, test, history }: TrainedNetwork): Promise<Given> {
  const { network, batch } = await pipeline.anatomy();
  const { input, layers, output, target } = network;
  if (output.name !== 'many-to-many' || layers.some(({ dropout }) => Object.keys(dropout).length > 0))
    throw new Error('The task must be many-to-many, and the layers without dropout.');
  const { optimizer, target: named } = pipeline.manifest as unknown as ManifestGiven;
  const numbers = new Map(named.labels.map((label, number) => [label, number]));
  const encode = async (sequences: readonly Example[]): Promise<Encoded> => {
    const inputs = await Promise.all(sequences.map(async (example) => (await batch(example)).inputs.x ?? []));
    const all = input.kind === 'ids' ? Int32Array : Float32Array;
    const y = sequences.flatMap(({ labels = [] }) => labels.map((label) => numbers.get(label) as number));
    return {
      lengths: sequences.map(({ labels = [] }) => labels.length),
      x: inBase64(joined(inputs, all)),
      y: inBase64(Int32Array.from(y)),
    };
  };
  const { epochs, batchSize } = history.settings as Readonly<Record<string, Json>> &
    Record<'epochs' | 'batchSize', number>;
  return {
    ...inputOf(input),
    layers: layers.map(({ module, direction }) => ({
      cell: module.name,
      units: module.sizes.units as number,
      both: direction === 'both',
    })),
    dropout: output.constants.dropout ?? 0,
    classes: target.size,
    learningRate: optimizer.with.learningRate,
    clip: optimizer.clip.norm,
    epochs,
    batchSize,
    train: await encode(train),
    test: await encode(test),
  };
}

/** As the examples write it. */
interface ManifestGiven {
  readonly optimizer: { readonly with: { readonly learningRate: number }; readonly clip: { readonly norm: number } };
  readonly target: { readonly labels: readonly string[] };
}

function inputOf(input: InputDescription): Pick<Given, 'embedding' | 'width'> {
  if (input.kind === 'vectors') return { width: input.size };
  const { module } = input;
  const init = module?.parameters.E?.init;
  if (input.kind !== 'ids' || init?.init !== 'uniform') throw new Error('The input must be a learned embedding.');
  return { embedding: { vocabulary: input.vocabulary, size: module?.sizes.size as number, range: init.maximum } };
}

function joined(
  parts: readonly ArrayLike<number>[],
  Values: typeof Int32Array | typeof Float32Array,
): Int32Array | Float32Array {
  const all = new Values(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function inBase64({ buffer, byteOffset, byteLength }: Int32Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
