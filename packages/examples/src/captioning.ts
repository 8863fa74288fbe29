// What does a drawing show? One-to-many: a picture is read once, and its name written word by word.
import { collectExamples, type Example, type GeneratedSequence, type Pipeline } from '@unrolled/core';
import { corpusBleu, exactMatch, tokenAccuracy } from '@unrolled/text-metrics';
import { wordsTokenizer } from '@unrolled/tokenizer-words';
import { type ExampleContext, type ExampleReport, limited, loadData, percent, type ShippedExample } from './example.ts';
import { movedPicture } from './moved-pictures.ts';
import { createNearestPicture, type Picture } from './nearest-picture.ts';
import { registry } from './registry.ts';
import { writeSequences } from './write-sequences.ts';

/** Names of emoji from their drawings, beside the name of the nearest drawing; measured on skin tones held out and on another artist. */
export const captioning: ShippedExample = {
  name: 'captioning',
  summary: 'the name of an emoji from its drawing (one-to-many: pictures to words)',
  data: ['@unrolled/dataset-emoji-captions'],
  run,
};

/** Who drew and named them, as their licences ask to be said. */
const attribution = [
  'Drawings: Twemoji © Twitter, Inc and other contributors, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/),',
  'on white; Noto Emoji © Google LLC, Apache-2.0. Names: Unicode CLDR, Unicode-3.0.',
];

/** Words of the longest name, and the end. */
const longest = 12;

/** How often each drawing is learned from beside as it is: moved and zoomed. */
const copies = 2;

/** Captions that are printed of each part. */
const shown = 4;

async function run(context: ExampleContext): Promise<ExampleReport> {
  const { emojiCaptionsDataset } = await loadData(
    '@unrolled/dataset-emoji-captions',
    () => import('@unrolled/dataset-emoji-captions'),
  );
  const read = async (options: Parameters<typeof emojiCaptionsDataset>[0]) =>
    limited(await collectExamples(emojiCaptionsDataset(options)), context);
  const train = await read({ split: 'train' });
  const parts = {
    skinTones: await read({ split: 'heldout' }),
    noto: await read({ split: 'train', artist: 'noto' }),
  };
  const written = await writeCaptions(train, parts, context);
  const baselines = baselinesOf(train);
  const measures: Record<string, Record<string, Measures>> = {};
  for (const name of ['skinTones', 'noto'] as const) {
    const own = measurePart(parts[name], written[name], baselines);
    measures[name] = own;
    context.print(`${parts[name].length} ${titles[name]}`);
    for (const [kind, of] of Object.entries(own)) context.print(`  ${titles[kind as keyof typeof own]}: ${line(of)}`);
  }
  for (const name of ['skinTones', 'noto'] as const) printCaptions(parts[name], written[name], context);
  for (const line of attribution) context.print(line);
  return { name: 'captioning', measures };
}

/** What is measured, by parts of the test. */
type Parts<T> = Readonly<Record<'skinTones' | 'noto', readonly T[]>>;

const titles = {
  skinTones: 'drawings with skin tones that were held out, of emoji seen with others',
  noto: 'drawings by another artist (Noto) of emoji seen as Twemoji draws them',
  frequent: 'the most frequent caption',
  nearest: 'the caption of the nearest drawing, pixel by pixel',
  recurrent: 'the captioner',
} as const;

async function writeCaptions(
  train: readonly Example[],
  { skinTones, noto }: Parts<Example>,
  context: ExampleContext,
): Promise<Parts<GeneratedSequence>> {
  const training = {
    train: [...train, ...movedCopies(train, context.seed)],
    test: [...skinTones, ...noto],
    epochs: 15,
    batchSize: 32,
    searches: [{ maximumLength: longest, beam: 4 }],
  };
  const [written = []] = await writeSequences('captioner', captioner(), training, context);
  return { skinTones: written.slice(0, skinTones.length), noto: written.slice(skinTones.length) };
}

/** The drawings again, each time a little moved and zoomed in another way. */
function movedCopies(train: readonly Example[], seed: number): readonly Example[] {
  return Array.from({ length: copies * train.length }, (_, number) => {
    const example = train[number % train.length] as Example;
    return { ...example, values: movedPicture(pictureOf(example), seed, number) };
  });
}

/**
 * Reads a drawing at once: what is in each of its patches of 8 × 8 pixels, and what all of them make up. The decoder begins with
 * that, and has it before it for each word, since attention to a single step hands that step on.
 */
export function captioner(): Pipeline<string, 'sequence'> {
  return registry.pipeline({
    input: { vectorizer: { use: 'numeric', with: { steps: 'whole', scale: 'standardize' } } },
    target: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 64 } } },
    encoder: { layers: [{ use: 'patches', with: { units: 256, features: 64 }, dropout: { output: 0.2 } }] },
    decoder: { layers: [{ use: 'lstm', with: { units: 128 } }] },
    attention: { use: 'multiplicative', with: { units: 96 } },
    task: { use: 'encoder-decoder', with: { begin: 'last', dropout: 0.1 } },
    optimizer: {
      use: 'adam',
      with: { learningRate: 0.003, schedule: { kind: 'cosine', final: 0.02 } },
      clip: { norm: 5 },
    },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}

/** Answers without a network. */
interface Baselines {
  /** The caption that most training drawings have, the same for every drawing. */
  readonly frequent: readonly string[];
  /** The caption of the training drawing nearest to this one. */
  readonly nearest: (example: Example) => readonly string[];
}

function baselinesOf(train: readonly Example[]): Baselines {
  const counts = new Map<string, number>();
  for (const caption of train.map((example) => wordsOf(example).join(' ')))
    counts.set(caption, (counts.get(caption) ?? 0) + 1);
  const [frequent] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  const nearest = createNearestPicture(train.map(pictureOf));
  return {
    frequent: frequent.split(' '),
    nearest: (example) => wordsOf(train[nearest(pictureOf(example))] as Example),
  };
}

/** How near captions come to the right ones. */
interface Measures {
  /** Share of words in their places. */
  readonly words: number;
  /** Share of captions that are right to the last word. */
  readonly exact: number;
  /** BLEU of up to four words, in percent. */
  readonly bleu: number;
  readonly [name: string]: number;
}

function measurePart(
  test: readonly Example[],
  written: readonly GeneratedSequence[],
  { frequent, nearest }: Baselines,
): Readonly<Record<'frequent' | 'nearest' | 'recurrent', Measures>> {
  const right = test.map(wordsOf);
  return {
    frequent: measure(
      test.map(() => frequent),
      right,
    ),
    nearest: measure(test.map(nearest), right),
    recurrent: measure(
      written.map(({ tokens }) => tokens),
      right,
    ),
  };
}

/** Captions are compared as words: in lower case, without colons and commas. */
function measure(written: readonly (readonly string[])[], right: readonly (readonly string[])[]): Measures {
  const [texts, rightTexts] = [written, right].map((all) => all.map((words) => words.join(' '))) as [
    string[],
    string[],
  ];
  return {
    words: tokenAccuracy(written, right),
    exact: exactMatch(texts, rightTexts),
    bleu: corpusBleu(texts, rightTexts, { tokenizer: 'none' }).score,
  };
}

const tokenizer = /* @__PURE__ */ wordsTokenizer();

function wordsOf({ target }: Example): readonly string[] {
  return tokenizer.tokenize(target as string).map(({ text }) => text);
}

function pictureOf({ values }: Example): Picture {
  return values as Picture;
}

function line({ words, exact, bleu }: Measures): string {
  return `${percent(words)} of the words, ${percent(exact)} of the captions right, BLEU ${bleu.toFixed(1)}`;
}

/** Some captions beside the right ones. */
function printCaptions(
  test: readonly Example[],
  written: readonly GeneratedSequence[],
  { print }: ExampleContext,
): void {
  const every = Math.ceil(test.length / shown);
  print('');
  for (let index = 0; index < test.length; index += every) print(`${test[index]?.target} → ${written[index]?.text}`);
}
