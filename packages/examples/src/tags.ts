// Which part of speech is each word? Many-to-many in step, read both ways.
import type { Pipeline } from '@unrolled/core';
import type { BrownExample } from '@unrolled/dataset-brown';
import { type ExampleContext, type ExampleReport, limited, loadData, percent, type ShippedExample } from './example.ts';
import { labelSteps, labelsOf, type StepLabels } from './label-steps.ts';
import { createRareWords } from './rare-words.ts';
import { registry } from './registry.ts';

/** Parts of speech of the words of the Brown corpus, beside the tag that each word has most often. */
export const tags: ShippedExample = {
  name: 'tags',
  summary: 'the part of speech of each word of a sentence (many-to-many in step, 472 tags)',
  data: ['@unrolled/dataset-brown'],
  run,
};

async function run(context: ExampleContext): Promise<ExampleReport> {
  const { brownTrain, brownTest, simpleTag } = await loadData(
    '@unrolled/dataset-brown',
    () => import('@unrolled/dataset-brown'),
  );
  const [train, test] = [limited(await brownTrain(), context), limited(await brownTest(), context)];
  const known = new Set(train.flatMap(({ tokens }) => tokens));
  const measure = (answers: StepLabels): Shares => measureTags(test, answers, known, simpleTag);
  const frequent = measure(tagByWord(train, test));
  const recurrent = measure(await tagByNetwork(train, test, context));
  const fewer = {
    all: fewerErrors(frequent.all, recurrent.all),
    simple: fewerErrors(frequent.simple, recurrent.simple),
  };
  context.print(`each word's most frequent tag: ${line(frequent)}`);
  context.print(`two-way LSTM: ${line(recurrent)}`);
  context.print(`its errors: ${change(fewer.all)}; of simple tags: ${change(fewer.simple)}`);
  return { name: 'tags', measures: { frequent: { ...frequent }, recurrent: { ...recurrent }, fewer } };
}

/** What knows no order: the tag that each word has most often in training; for others the most frequent tag of all. */
function tagByWord(train: readonly BrownExample[], test: readonly BrownExample[]): StepLabels {
  const ofAll = new Map<string, number>();
  const ofWord = new Map<string, Map<string, number>>();
  for (const { tokens, labels } of train)
    for (const [index, token] of tokens.entries()) {
      const own = ofWord.get(token) ?? new Map<string, number>();
      ofWord.set(token, own);
      for (const counts of [ofAll, own]) count(counts, labels[index] as string);
    }
  const otherwise = mostFrequent(ofAll);
  const answers = new Map([...ofWord].map(([word, counts]) => [word, mostFrequent(counts)]));
  return test.map(({ tokens }) => tokens.map((token) => answers.get(token) ?? otherwise));
}

function count(counts: Map<string, number>, label: string): void {
  counts.set(label, (counts.get(label) ?? 0) + 1);
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0];
}

function tagByNetwork(
  train: readonly BrownExample[],
  test: readonly BrownExample[],
  context: ExampleContext,
): Promise<StepLabels> {
  const tokenOf = createRareWords(train.map(({ tokens }) => tokens));
  const read = ({ tokens, labels }: BrownExample) => ({ tokens: tokens.map(tokenOf), labels });
  const parts = { train: train.map(read), test: test.map(read), epochs: 3 };
  return labelSteps('two-way LSTM', network(labelsOf([...train, ...test])), parts, context);
}

function network(labels: readonly string[]): Pipeline<string, 'labels'> {
  return registry.pipeline({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 64, minimumCount: 2 } } },
    target: { labels },
    layers: [{ use: 'lstm', with: { units: 64 }, direction: 'both' }],
    task: { use: 'many-to-many', with: { dropout: 0.3 } },
    optimizer: { use: 'adam', with: { learningRate: 0.003 }, clip: { norm: 5 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}

/** Shares of words whose tag is right. */
interface Shares {
  /** Of all. */
  readonly all: number;
  /** Of those seen in training. */
  readonly known: number;
  /** Of those not seen in training. */
  readonly unknown: number;
  /** Of all, where tags are compared without their additions. */
  readonly simple: number;
}

function measureTags(
  test: readonly BrownExample[],
  answers: StepLabels,
  known: ReadonlySet<string>,
  simpleTag: (tag: string) => string,
): Shares {
  const words = test.flatMap(({ tokens, labels }, sentence) =>
    tokens.map((token, index) => {
      const [label, answer] = [labels[index] as string, answers[sentence]?.[index] as string];
      return { known: known.has(token), right: answer === label, simple: simpleTag(answer) === simpleTag(label) };
    }),
  );
  const share = (of: typeof words, right: 'right' | 'simple') => of.filter((word) => word[right]).length / of.length;
  return {
    all: share(words, 'right'),
    known: share(
      words.filter((word) => word.known),
      'right',
    ),
    unknown: share(
      words.filter((word) => !word.known),
      'right',
    ),
    simple: share(words, 'simple'),
  };
}

function fewerErrors(baseline: number, reached: number): number {
  return 1 - (1 - reached) / (1 - baseline);
}

/** A share of errors fewer, in words: `12.3% fewer`, `4.5% more`. */
function change(fewer: number): string {
  return fewer < 0 ? `${percent(-fewer)} more` : `${percent(fewer)} fewer`;
}

function line({ all, known, unknown, simple }: Shares): string {
  const apart = `${percent(known)} of words seen in training, ${percent(unknown)} of others`;
  return `${percent(all)} right (${apart}); ${percent(simple)} with simple tags`;
}
