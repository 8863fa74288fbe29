// An example that writes sequences beside the same network in PyTorch: same numbers, sizes and settings.
import type { Example, InputDescription, Json, LayerDescription } from '@unrolled/core';
import { examples, type TrainedNetwork } from '@unrolled/examples';
import { charactersTokenizer } from '@unrolled/tokenizer-characters';
import type { ExampleName } from '../arguments.ts';
import { cores } from '../cores.ts';
import { type ComparedExample, type Outcome, runScript } from './compared.ts';

/** A table of vectors, one for each token. */
interface Table {
  readonly vocabulary: number;
  readonly size: number;
  /** Its numbers begin between −range and range. */
  readonly range: number;
}

/** An encoder–decoder of one LSTM layer on either side, and all about its training but the seed. */
interface Given {
  readonly source: Table;
  readonly input: Table;
  readonly encoder: Layer;
  readonly decoder: Layer;
  readonly attention?: { readonly use: string; readonly units: number };
  readonly learningRate: number;
  /** What the rate falls to in a line, as a share. */
  readonly finalRate: number;
  readonly clip: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Number of the token before and after each sequence. */
  readonly boundary: number;
  /** Most tokens that are written, the end included. */
  readonly maximumLength: number;
  readonly train: { readonly x: readonly (readonly number[])[]; readonly y: readonly (readonly number[])[] };
  /** Inputs to write for. */
  readonly test: readonly (readonly number[])[];
}

interface Layer {
  readonly units: number;
  readonly both: boolean;
}

/** What is known of a network before it is freed. */
interface Trained {
  readonly given: Given;
  /** Of the target, by number. */
  readonly tokens: readonly string[];
  readonly test: readonly Example[];
  readonly seconds: readonly number[];
  readonly processor: readonly number[];
}

/** Compares the network over characters that an example reports as `title`; its quality is the share that is written to the letter. */
export function comparedWriter(name: ExampleName, title: string, maximumLength: number): ComparedExample {
  return {
    name,
    measure: 'exact',
    train: async (seed) => {
      const { quality, given, tokens, test, seconds, processor } = await trainOurs(name, title, maximumLength, seed);
      const theirs = await runScript<Written>('encoder_decoder.py', { ...given, seed, threads: cores });
      const right = theirs.written.filter(
        (ids, index) => ids.map((id) => tokens[id]).join('') === (test[index] as Example).target,
      );
      return {
        ours: { quality, seconds, processor },
        theirs: { quality: right.length / test.length, seconds: theirs.seconds, processor: theirs.processor },
      };
    },
  };
}

/** What PyTorch's script gives. */
interface Written extends Omit<Outcome, 'quality'> {
  /** Numbers of tokens. */
  readonly written: readonly (readonly number[])[];
}

/** Trains the example as it is shipped, and takes down what another library needs to do the same. */
async function trainOurs(
  name: string,
  title: string,
  maximumLength: number,
  seed: number,
): Promise<Trained & { readonly quality: number }> {
  const example = examples.find((each) => each.name === name);
  if (!example) throw new Error(`There is no example ${name}.`);
  const clock: number[] = []; // at the end of each epoch of each network
  let found: Trained | undefined;
  const { measures } = await example.run({
    seed,
    print: () => {},
    note: () => clock.push(process.cpuUsage().user + process.cpuUsage().system),
    trained: async (network) => {
      if (network.title !== title) return;
      const seconds = network.history.epochs.map((epoch) => epoch.seconds);
      const ends = clock.slice(-seconds.length).map((microseconds) => microseconds / 1e6);
      const processor = ends.slice(1).map((end, before) => end - (ends[before] as number));
      found = { ...(await describeNetwork(network, maximumLength)), test: network.test, seconds, processor };
    },
  });
  if (!found) throw new Error(`The example ${name} trained no network called ${title}.`);
  return { ...found, quality: measures.recurrent as number };
}

async function describeNetwork(
  { pipeline, train, test, history }: TrainedNetwork,
  maximumLength: number,
): Promise<Pick<Trained, 'given' | 'tokens'>> {
  const { network, batch } = await pipeline.anatomy();
  const { source, input, layers, attention } = network;
  if (source?.kind !== 'encoder') throw new Error('The network must be an encoder–decoder.');
  const files = await pipeline.toFiles({ slim: true });
  const { target } = JSON.parse(new TextDecoder().decode(files.get('vocabulary.json'))) as {
    readonly target: { readonly tokens: readonly string[] };
  };
  const tokens = ['', '', ...target.tokens]; // padding and what is unknown come first
  const numbers = new Map(tokens.map((token, id) => [token, id]));
  const { tokenize } = charactersTokenizer();
  const read = async (example: Example) => {
    const { inputs, sourceLengths } = await batch(example);
    return Array.from((inputs.source as Int32Array).subarray(0, sourceLengths?.[0]));
  };
  const { optimizer } = pipeline.manifest as unknown as { readonly optimizer: OptimizerGiven };
  const { epochs, batchSize } = history.settings as Readonly<Record<string, Json>> &
    Record<'epochs' | 'batchSize', number>;
  const given: Given = {
    source: tableOf(source.input),
    input: tableOf(input),
    encoder: layerOf(source.layers),
    decoder: layerOf(layers),
    ...(attention && { attention: { use: attention.name, units: attention.sizes.units as number } }),
    learningRate: optimizer.with.learningRate,
    finalRate: optimizer.with.schedule.final,
    clip: optimizer.clip.norm,
    epochs,
    batchSize,
    boundary: tokens.indexOf('<|boundary|>'),
    maximumLength,
    train: {
      x: await Promise.all(train.map(read)),
      y: train.map((example) => tokenize(example.target as string).map(({ text }) => numbers.get(text) ?? 1)),
    },
    test: await Promise.all(test.map(read)),
  };
  return { given, tokens };
}

/** As the examples write it. */
interface OptimizerGiven {
  readonly with: {
    readonly learningRate: number;
    readonly schedule: { readonly kind: 'linear'; readonly final: number };
  };
  readonly clip: { readonly norm: number };
}

function tableOf(input: InputDescription): Table {
  const init = input.module?.parameters.E?.init;
  if (input.kind !== 'ids' || init?.init !== 'uniform') throw new Error('The input must be a learned embedding.');
  return { vocabulary: input.vocabulary, size: input.module?.sizes.size as number, range: init.maximum };
}

function layerOf([layer, ...more]: readonly LayerDescription[]): Layer {
  if (!layer || more.length > 0 || layer.module.name !== 'lstm' || Object.keys(layer.dropout).length > 0)
    throw new Error('Either side must be one LSTM layer without dropout.');
  return { units: layer.module.sizes.units as number, both: layer.direction === 'both' };
}
