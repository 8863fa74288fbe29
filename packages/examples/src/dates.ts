// Writes dates as ISO 8601 does: an encoder–decoder over characters.
import { collectExamples, type Example, type GeneratedSequence, type Pipeline } from '@unrolled/core';
import { exactMatch } from '@unrolled/text-metrics';
import { charactersTokenizer } from '@unrolled/tokenizer-characters';
import { drawAttention } from './attention-picture.ts';
import { type ExampleContext, type ExampleReport, limited, loadData, percent, type ShippedExample } from './example.ts';
import { registry } from './registry.ts';
import { writeSequences } from './write-sequences.ts';

/** Dates as English and Portuguese write them to ISO 8601, beside a decoder that sees characters without their order. */
export const dates: ShippedExample = {
  name: 'dates',
  summary: 'a date as English or Portuguese write it, in ISO 8601 (encoder–decoder over characters)',
  data: ['@unrolled/dataset-dates'],
  run,
};

/** Characters of `2001-12-31`, and the end. */
const longest = 11;

async function run(context: ExampleContext): Promise<ExampleReport> {
  const { datesDataset } = await loadData('@unrolled/dataset-dates', () => import('@unrolled/dataset-dates'));
  const train = limited(await collectExamples(datesDataset({ split: 'train' })), context);
  const test = limited(await collectExamples(datesDataset({ split: 'heldout' })), context);
  const write = async (title: string, pipeline: Pipeline<string, 'sequence'>, epochs: number) => {
    const searches = [{ maximumLength: longest }];
    const [written = []] = await writeSequences(title, pipeline, { train, test, epochs, searches }, context);
    return written;
  };
  const share = (written: readonly GeneratedSequence[]): number =>
    exactMatch(
      written.map(({ text }) => text),
      test.map(({ target }) => target as string),
    );
  const bag = share(await write('characters without their order', withoutOrder(), 3));
  const answers = await write('encoder–decoder', withOrder(), 10);
  const recurrent = share(answers);
  context.print(`characters without their order: ${percent(bag)} of the dates right`);
  context.print(`two-way LSTM and a decoder that attends: ${percent(recurrent)} right`);
  for (const line of picture(test[0] as Example, answers[0] as GeneratedSequence)) context.print(line);
  return { name: 'dates', measures: { bag, recurrent } };
}

function withOrder(): Pipeline<string, 'sequence'> {
  return registry.pipeline({
    ...sides,
    encoder: { layers: [{ use: 'lstm', with: { units: 64 }, direction: 'both' }] },
    ...rest,
    task: { use: 'encoder-decoder' },
  });
}

/** What can't use order: the same decoder, which attends to characters that nothing has read before. */
function withoutOrder(): Pipeline<string, 'sequence'> {
  return registry.pipeline({
    ...sides,
    encoder: { layers: [] },
    ...rest,
    task: { use: 'encoder-decoder', with: { begin: 'mean' } },
  });
}

const sides = {
  input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding', with: { size: 32 } } },
  target: { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding', with: { size: 16 } } },
} as const;

const rest = {
  decoder: { layers: [{ use: 'lstm', with: { units: 64 } }] },
  attention: { use: 'multiplicative', with: { units: 64 } },
  optimizer: {
    use: 'adam',
    with: { learningRate: 0.005, schedule: { kind: 'linear', final: 0.05 } },
    clip: { norm: 5 },
  },
  trainer: { use: 'bptt' },
  backend: { use: 'wasm' },
} as const;

/** Where the decoder looked while it wrote. */
function picture({ text }: Example, { text: date, tokens, attention = [] }: GeneratedSequence): string[] {
  const read = charactersTokenizer().tokenize(text as string);
  return [
    `\nwhat each character of ${date} looked at:`,
    ...drawAttention(
      read.map((token) => token.text),
      tokens,
      attention,
    ),
  ];
}
