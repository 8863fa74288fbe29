// What another library needs to train the same network on the same numbers.
import type { Example, InputDescription, Json } from '@unrolled/core';
import type { TrainedNetwork } from '@unrolled/examples';

/** A network of LSTM layers with one label for a sequence, and all about its training but the seed. */
export interface ManyToOneGiven {
  /** Of numbers of tokens; absent where steps are vectors. */
  readonly embedding?: { readonly vocabulary: number; readonly size: number; readonly range: number };
  /** Of a step where steps are vectors. */
  readonly width?: number;
  readonly layers: readonly { readonly units: number; readonly both: boolean; readonly dropout: number }[];
  readonly pool: string;
  /** Of the pooled value. */
  readonly dropout: number;
  readonly classes: number;
  readonly learningRate: number;
  /** What the rate falls to along half a cosine, as a share; 1 where it stays. */
  readonly finalRate: number;
  readonly clip: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly train: Encoded;
  readonly test: Encoded;
}

/** Sequences as the network reads them: numbers of tokens `[steps]`, or vectors `[steps][width]`. */
interface Encoded {
  readonly x: readonly (readonly number[] | readonly (readonly number[])[])[];
  readonly y: readonly number[];
}

/** Takes down everything. @throws Error where the network has what PyTorch's script does not know */
export async function describeManyToOne({ pipeline, train, test, history }: TrainedNetwork): Promise<ManyToOneGiven> {
  const { network, batch } = await pipeline.anatomy();
  const { input, layers, output, target } = network;
  const pool = /p = (\w+)_s\(h\[s\]\)/.exec(output.equations)?.[1];
  if (pool === undefined || output.name !== 'many-to-one' || layers.some(({ module }) => module.name !== 'lstm'))
    throw new Error('The network must be LSTM layers and the task many-to-one.');
  const encode = async (examples: readonly Example[]): Promise<Encoded> => {
    const encoded = await Promise.all(examples.map((example) => batch(example, example.label)));
    const width = input.kind === 'vectors' ? input.size : 0;
    return {
      x: encoded.map(({ inputs }) =>
        width > 0 ? rowsOf(Array.from(inputs.x ?? []), width) : Array.from(inputs.x ?? []),
      ),
      y: encoded.map(({ targets }) => targets?.[0] as number),
    };
  };
  const { optimizer } = pipeline.manifest as unknown as { readonly optimizer: OptimizerGiven };
  const { epochs, batchSize } = history.settings as Readonly<Record<string, Json>> &
    Record<'epochs' | 'batchSize', number>;
  return {
    ...(input.kind === 'ids'
      ? { embedding: embeddingOf(input) }
      : { width: (input as { readonly size: number }).size }),
    layers: layers.map(({ module, direction, dropout }) => ({
      units: module.sizes.units as number,
      both: direction === 'both',
      dropout: dropout.input ?? 0,
    })),
    pool,
    dropout: output.constants.dropout ?? 0,
    classes: target.size,
    learningRate: optimizer.with.learningRate,
    finalRate: optimizer.with.schedule?.final ?? 1,
    clip: optimizer.clip.norm,
    epochs,
    batchSize,
    train: await encode(train),
    test: await encode(test),
  };
}

/** As the examples write it. */
interface OptimizerGiven {
  readonly with: {
    readonly learningRate: number;
    readonly schedule?: { readonly kind: 'cosine'; readonly final: number };
  };
  readonly clip: { readonly norm: number };
}

function embeddingOf({ vocabulary, module }: Extract<InputDescription, { kind: 'ids' }>) {
  const init = module?.parameters.E?.init;
  if (init?.init !== 'uniform') throw new Error('The input must be a learned embedding.');
  return { vocabulary, size: module?.sizes.size as number, range: init.maximum };
}

function rowsOf(values: readonly number[], width: number): readonly (readonly number[])[] {
  return Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));
}
