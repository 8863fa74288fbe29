// Encoder–decoders, as PyTorch is given them.
import type { Example, Pipeline, TokenizerInstance } from '@unrolled/core';
import type { TrainedNetwork } from '@unrolled/examples';
import { charactersTokenizer } from '@unrolled/tokenizer-characters';
import { wordsTokenizer } from '@unrolled/tokenizer-words';
import type { Kind, Quality } from './compared.ts';
import { checkInput, describeLayers, pack } from './describe.ts';

/** What was written for an example of the test part, and what is right. */
export interface Written {
  readonly text: string;
  readonly tokens: readonly string[];
  readonly right: { readonly text: string; readonly tokens: readonly string[] };
  /** Whether what is right was a target of the training part too. */
  readonly seen: boolean;
}

/** Networks that write sequences, the likeliest token each time. @param qualityOf - how good what was written is. */
export function writer(qualityOf: (written: readonly Written[]) => Quality): Kind {
  return {
    script: 'encoder_decoder',
    describe,
    ours: async (network) => {
      const pipeline = network.pipeline as unknown as Pipeline<string, 'sequence'>;
      const written = await pipeline.predict(network.test, { maximumLength: longestOf(network) });
      return qualityOf(
        judged(
          network,
          written.map(({ tokens }) => tokens),
        ),
      );
    },
    theirs: async ({ written = [] }, network) => {
      const tokens = await tokensOf(network);
      return qualityOf(
        judged(
          network,
          written.map((ids) => ids.map((id) => tokens[id] as string)),
        ),
      );
    },
  };
}

function judged(network: TrainedNetwork, written: readonly (readonly string[])[]): readonly Written[] {
  const { tokenize, detokenize = (tokens) => tokens.join(' ') } = targetTokenizer(network);
  const seen = new Set(network.train.map(({ target }) => target));
  return network.test.map(({ target }, index) => {
    const tokens = written[index] as readonly string[];
    const text = target as string;
    const right = { text, tokens: tokenize(text).map((token) => token.text) };
    return { text: detokenize(tokens), tokens, right, seen: seen.has(target) };
  });
}

async function describe(trained: TrainedNetwork) {
  const { network, batch } = await trained.pipeline.anatomy();
  const { source, input, layers, attention, output } = network;
  const [decoder, ...more] = layers;
  const [described] = describeLayers(layers);
  if (source?.kind !== 'encoder' || !decoder || more.length > 0 || described?.cell !== 'lstm')
    throw new Error('The network must be an encoder and a decoder of one LSTM layer.');
  checkInput(source.input);
  checkInput(input);
  const width = source.input.kind === 'ids' ? 0 : source.input.size;
  const { tokenize } = targetTokenizer(trained);
  const tokens = await tokensOf(trained);
  const numbers = new Map(tokens.map((token, id) => [token, id]));
  const encode = async (examples: readonly Example[]) => ({
    x: pack(
      await Promise.all(
        examples.map(async (example) => {
          const { inputs, sourceLengths } = await batch(example);
          return inputs.source?.subarray(0, (sourceLengths?.[0] ?? 0) * Math.max(1, width)) ?? [];
        }),
      ),
      width,
    ),
    y: pack(
      examples.map(({ target }) => tokenize(target as string).map(({ text }) => numbers.get(text) ?? unknownToken)),
    ),
  });
  const { train, validation, test } = trained;
  return {
    encoder: describeLayers(source.layers),
    begin: /p = (\w+)_s\(m\[s\]\)/.exec(decoder.begin?.equations ?? '')?.[1] ?? 'zero',
    inputDropout: described.dropout.input,
    ...(attention && { attention: attention.name }),
    dropout: output.constants.dropout ?? 0,
    boundary: tokens.indexOf('<|boundary|>'),
    longest: longestOf(trained),
    train: await encode(train),
    ...(validation && { validation: await encode(validation) }),
    test: await encode(test),
  };
}

/** The number of every token that the vocabulary does not hold. */
const unknownToken = 1;

/** Of the target, by number. */
async function tokensOf({ pipeline }: TrainedNetwork): Promise<readonly string[]> {
  const files = await pipeline.toFiles({ slim: true });
  const { target } = JSON.parse(new TextDecoder().decode(files.get('vocabulary.json'))) as {
    readonly target: { readonly tokens: readonly string[] };
  };
  return ['', '', ...target.tokens]; // padding and what is unknown come first
}

/** Tokens of the longest target that is learned, and the end. */
function longestOf(network: TrainedNetwork): number {
  const { tokenize } = targetTokenizer(network);
  return network.train.reduce((most, { target }) => Math.max(most, tokenize(target as string).length), 0) + 1;
}

function targetTokenizer({ pipeline }: TrainedNetwork): TokenizerInstance {
  const { use, with: options } = (pipeline.manifest as unknown as ManifestGiven).target.tokenizer;
  if (use === 'words') return wordsTokenizer(options);
  if (use === 'characters') return charactersTokenizer(options);
  throw new Error('What is written must be words or characters.');
}

interface ManifestGiven {
  readonly target: { readonly tokenizer: { readonly use: string; readonly with?: object } };
}
