// Translates short texts: an encoder–decoder over words, with attention and without.
import type { DecodeSettings, Example, GeneratedSequence, Pipeline } from '@unrolled/core';
import { corpusBleu, corpusChrf } from '@unrolled/text-metrics';
import { wordsTokenizer } from '@unrolled/tokenizer-words';
import { drawAttention } from './attention-picture.ts';
import { type ExampleContext, type ExampleReport, limited, loadData, type ShippedExample } from './example.ts';
import { createNearest } from './nearest-text.ts';
import { registry } from './registry.ts';
import { writeSequences } from './write-sequences.ts';

/** Texts of user interfaces and names from English to Portuguese and back, beside a memory of translations. */
export const translation: ShippedExample = {
  name: 'translation',
  summary: 'short texts from English to Portuguese and back (encoder–decoder over words, with attention and without)',
  data: ['@unrolled/dataset-translation-en-pt'],
  run,
};

/** How the decoder looks at what the encoder read. */
type Attention = 'none' | 'multiplicative' | 'additive';

const searches: readonly DecodeSettings[] = [{ maximumLength: 30 }, { maximumLength: 30, beam: 5, lengthPenalty: 1 }];

/** Case is left out on both sides, so that each word is learned once. */
const words = { lowercase: true, punctuation: 'keep' } as const;

async function run(context: ExampleContext): Promise<ExampleReport> {
  const there = await readParts('en', context);
  const back = await readParts('pt', context);
  const measures = {
    'en-pt': await measure('English → Portuguese', there, ['none', 'additive', 'multiplicative'], context),
    'pt-en': await measure('Portuguese → English', back, ['multiplicative'], context),
  };
  return { name: 'translation', measures };
}

interface Parts {
  readonly train: readonly Example[];
  readonly validation: readonly Example[];
  readonly test: readonly Example[];
}

async function readParts(from: 'en' | 'pt', context: ExampleContext): Promise<Parts> {
  const { translationEnPtPairs } = await loadData(
    '@unrolled/dataset-translation-en-pt',
    () => import('@unrolled/dataset-translation-en-pt'),
  );
  const to = from === 'en' ? 'pt' : 'en';
  const read = async (split: 'train' | 'dev' | 'test') => {
    const pairs = await translationEnPtPairs({ split });
    return limited(
      pairs.map((pair) => ({ text: pair[from], target: pair[to] })),
      context,
    );
  };
  return { train: await read('train'), validation: await read('dev'), test: await read('test') };
}

/** How near translations are to those of people; percent. */
type Scores = Readonly<Record<'bleu' | 'chrf', number>>;

/** Scores of one direction by what translated, printed as they are found. */
async function measure(
  direction: string,
  parts: Parts,
  attentions: readonly Attention[],
  context: ExampleContext,
): Promise<Readonly<Record<string, Scores>>> {
  const { print } = context;
  const all: Record<string, Scores> = { memory: score(parts.test, remembered(parts)) };
  let last: readonly GeneratedSequence[] = [];
  for (const attention of attentions) {
    const title = `${direction}, ${attention === 'none' ? 'no' : attention} attention`;
    const writing = { ...parts, epochs: 11, earlyStopping: { monitor: 'accuracy', patience: 2 } as const, searches };
    const [greedy = [], beam = []] = await writeSequences(title, translator(attention), writing, context);
    all[`${attention}, greedy`] = score(parts.test, textsOf(greedy));
    all[`${attention}, beam of 5`] = score(parts.test, textsOf(beam));
    last = beam;
  }
  print(`${direction}, ${parts.test.length} texts in lower case:`);
  print(line('translation of the nearest text', all.memory as Scores));
  for (const [title, scores] of Object.entries(all).slice(1)) print(line(`attention: ${title}`, scores));
  for (const picture of pictures(parts.test, last)) print(picture);
  return all;
}

/** The translation of the nearest text of the training part. */
function remembered({ train, test }: Parts): string[] {
  const nearest = createNearest(train.map(({ text }) => text as string));
  return test.map(({ text }) => train[nearest(text as string)]?.target as string);
}

function translator(attention: Attention): Pipeline<string, 'sequence'> {
  const pieces = {
    input: {
      tokenizer: { use: 'words', with: words },
      vectorizer: { use: 'embedding', with: { size: 64 } },
    },
    target: {
      tokenizer: { use: 'words', with: words },
      vectorizer: { use: 'embedding', with: { size: 64 } },
    },
    encoder: { layers: [{ use: 'lstm', with: { units: 64 }, direction: 'both', dropout: { input: 0.25 } }] },
    decoder: { layers: [{ use: 'lstm', with: { units: 128 }, dropout: { input: 0.25 } }] },
    task: { use: 'encoder-decoder', with: { dropout: 0.4 } },
    optimizer: {
      use: 'adam',
      with: { learningRate: 0.006, schedule: { kind: 'linear', final: 0.1 } },
      clip: { norm: 5 },
    },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  } as const;
  if (attention === 'none') return registry.pipeline(pieces);
  return registry.pipeline({ ...pieces, attention: { use: attention, with: { units: 128 } } });
}

function textsOf(written: readonly GeneratedSequence[]): string[] {
  return written.map(({ text }) => text);
}

function score(test: readonly Example[], translations: readonly string[]): Scores {
  const references = test.map(({ target }) => target as string);
  return {
    bleu: corpusBleu(translations, references, { lowercase: true }).score,
    chrf: corpusChrf(translations, references, { lowercase: true }).score,
  };
}

function line(title: string, { bleu, chrf }: Scores): string {
  return `  ${`${title}:`.padEnd(40)}BLEU ${bleu.toFixed(1).padStart(4)}, chrF ${chrf.toFixed(1).padStart(4)}`;
}

/** Texts of the test part of which is shown where the decoder looked. */
const shown = 3;

/** Where the decoder looked while it translated texts of some words. */
function pictures(test: readonly Example[], translations: readonly GeneratedSequence[]): string[] {
  const { tokenize } = wordsTokenizer(words);
  const read = test.map(({ text }) => tokenize(text as string).map((token) => token.text));
  const some = [...read.keys()].filter((index) => (read[index] as string[]).length >= 4).slice(0, shown);
  return some.flatMap((index) => {
    const { tokens, attention = [] } = translations[index] as GeneratedSequence;
    return ['', ...drawAttention(read[index] as string[], tokens, attention)];
  });
}
