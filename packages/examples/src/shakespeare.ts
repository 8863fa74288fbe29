// Which character comes next in Shakespeare's plays? A language model of the whole text, learned as one endless stream.
import type { Example } from '@unrolled/core';
import { type ExampleContext, type ExampleReport, follow, loadData, type ShippedExample } from './example.ts';
import { registry } from './registry.ts';
import { WindowModel } from './window-model.ts';

/** The next character of Shakespeare's plays, beside what a window of a few characters tells. */
export const shakespeare: ShippedExample = {
  name: 'shakespeare',
  summary: "the next character of Shakespeare's plays, and a page in their style (language model)",
  data: ['@unrolled/dataset-shakespeare'],
  run,
};

/** The end of the text, which is measured on. */
const held = 0.1;

/** The longest window of the baseline, with the character that it predicts. */
const order = 5;

async function run(context: ExampleContext): Promise<ExampleReport> {
  const { shakespearePlays } = await loadData(
    '@unrolled/dataset-shakespeare',
    () => import('@unrolled/dataset-shakespeare'),
  );
  const plays = beginning(await shakespearePlays(), context);
  const [frequencies, window] = measureWindows(plays);
  const { bits, sample } = await measureNetwork(plays, context);
  context.print(`bits per character on the last tenth of the text`);
  context.print(`how frequent each character is: ${frequencies.toFixed(3)}`);
  context.print(`the ${order - 1} characters before it (interpolated counts): ${window.toFixed(3)}`);
  context.print(`LSTM over the whole text: ${bits.toFixed(3)}`);
  context.print(`\nthe LSTM goes on by itself:\n\n${sample}`);
  return { name: 'shakespeare', measures: { frequencies, window, bits, sample } };
}

/** The first lines of all, as many as the context allows. */
function beginning(plays: readonly { readonly text: string }[], { limit = Infinity }: ExampleContext): Example[] {
  let left = limit;
  return plays.flatMap(({ text }) => {
    const lines = text.split('\n').slice(0, left);
    left -= lines.length;
    return lines.length > 0 ? [{ text: lines.join('\n') }] : [];
  });
}

/** The end of the text, which is measured on; a boundary stands before each play and after the last. */
function endOf(plays: readonly Example[]): Example[] {
  const texts = plays.map(({ text = '' }) => [...text]);
  const total = texts.reduce((sum, { length }) => sum + length + 1, 1);
  let left = Math.round(total * (1 - held));
  return texts.flatMap((characters) => {
    const rest = characters.slice(Math.max(0, left - 1)).join('');
    left -= characters.length + 1;
    return rest === '' ? [] : [{ text: rest }];
  });
}

/** Bits per character of models that see a window: of none, and of a few characters. */
function measureWindows(plays: readonly Example[]): readonly [frequencies: number, window: number] {
  const numbers = new Map<string, number>();
  const numberOf = (character: string): number => {
    if (!numbers.has(character)) numbers.set(character, numbers.size);
    return numbers.get(character) as number;
  };
  // An empty string parts the plays, as the pipeline parts examples.
  const text = Uint8Array.from(
    plays.flatMap((play) => ['', ...(play.text as string)]),
    numberOf,
  );
  const cut = Math.round(text.length * (1 - held));
  const [train, test] = [text.subarray(0, cut), text.subarray(cut)];
  const bits = (longest: number) => new WindowModel(train, longest, numbers.size).bits(test);
  return [bits(1), bits(order)];
}

/** Bits per character of a recurrent network, whose state knows all that came before, and what it writes. */
async function measureNetwork(
  plays: readonly Example[],
  context: ExampleContext,
): Promise<{ readonly bits: number; readonly sample: string }> {
  const pipeline = registry.pipeline({
    input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding', with: { size: 32 } } },
    layers: [{ use: 'lstm', with: { units: 192 } }],
    task: { use: 'language-model' },
    optimizer: {
      use: 'adam',
      with: { learningRate: 0.004, schedule: { kind: 'cosine', final: 0.05 } },
      clip: { norm: 5 },
    },
    trainer: { use: 'truncated-bptt', with: { every: 50 } },
    backend: { use: 'wasm' },
  });
  const { seed, epochs = 3, signal } = context;
  try {
    const settings = { epochs, batchSize: 32, seed, stream: true, validation: held };
    const history = await follow('LSTM', pipeline.fit(plays, { ...settings, ...(signal && { signal }) }), context);
    await context.trained?.({ title: 'LSTM', pipeline, train: plays, test: endOf(plays), history });
    const { text } = await pipeline.generate('', { temperature: 0.7, maximumLength: 500, seed });
    return { bits: pipeline.info().metrics.bitsPerToken as number, sample: text };
  } finally {
    pipeline.dispose();
  }
}
