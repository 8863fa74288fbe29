// predict: answers for texts by a saved model, in input order, as they come.
import type { AnswerTypes, Example, Learns, Model, Prediction } from '@unrolled/core';
import type { Command, Context } from '../context.ts';
import { DATA_FLAGS, readOptions } from '../data.ts';
import { checkGenerates, DECODE_FLAGS, decodeSettings } from '../flags/decode.ts';
import { EXIT } from '../io.ts';
import { COMPUTE_FLAGS, openModel } from '../model.ts';
import { readExamples } from '../read/examples.ts';
import { type Source, sourcesOf } from '../read/sources.ts';
import { counted } from '../show/number.ts';
import { PREDICTION_FORMATS, predictionWriter } from '../show/predictions.ts';
import { usageError } from '../usage.ts';

/** The command. */
export const predict: Command = {
  name: 'predict',
  summary: 'answers of a model for texts, in their order',
  usage: 'MODEL [TEXT|FILE|-]…',
  examples: [
    ['predict model "an instant classic"', 'a text'],
    ['predict model reviews.csv --format csv', 'every row of a file'],
    ['predict model - < lines.txt', 'every line of stdin, as it comes'],
    ['predict tagger test.conll --format conll', 'a label for each token'],
    ['predict translator lines.txt --beam 5 --length-penalty 1', 'the best answer of a wider search'],
  ],
  flags: [
    {
      title: 'Predicting',
      flags: [
        { name: 'format', value: 'jsonl|csv|conll', description: 'what is written; default jsonl' },
        { name: 'text', value: 'TEXT', many: true, description: 'a text, even if a file is called so; repeatable' },
        {
          name: 'threshold',
          value: 'P',
          description: "probability from which on the second label is chosen, instead of the model's own",
        },
        { name: 'skip-empty', description: 'leave out empty texts instead of refusing them' },
        ...COMPUTE_FLAGS,
      ],
    },
    { title: 'Writing sequences', flags: DECODE_FLAGS },
    { title: 'Data', flags: DATA_FLAGS },
  ],
  shapesManifest: false,
  arguments: [1, Number.POSITIVE_INFINITY],
  run: async (context) => {
    const { positionals, values, output } = context;
    const threshold = values.number('threshold');
    const decode = decodeSettings(values);
    const sources = sourcesOf(positionals.slice(1), context);
    const format = values.choice('format', PREDICTION_FORMATS) ?? 'jsonl';
    const model = (await openModel(positionals[0] as string, context)) as Model<string, Learns>;
    const { labels, learns } = model.info();
    checkGenerates(values, learns);
    checkThreshold(threshold, learns === 'label' ? labels : undefined);
    const write = predictionWriter(format, learns, labels);
    const waiting: Example[] = [];
    const batchSize = values.integer('batch-size', 1);
    const predictions = model.predict(remember(examplesOf(sources, learns, context), waiting), {
      ...(batchSize !== undefined && { batchSize }),
      ...decode,
    });
    let first = true;
    for await (const prediction of predictions) {
      if (first) await output.write(write.header);
      first = false;
      const example = waiting.shift() as Example;
      await output.print(write.line(example, decide(prediction, threshold, labels)));
      if (output.closed) break;
    }
    model.dispose();
    return EXIT.done;
  },
};

async function* examplesOf(
  sources: readonly Source[],
  learns: Learns,
  context: Context,
): AsyncGenerator<Example, void, void> {
  const { values, io, output } = context;
  const split = values.text('split');
  const skipEmpty = values.flag('skip-empty') === true;
  let skipped = 0;
  for (const source of sources) {
    const examples =
      'path' in source ? readExamples(source.path, readOptions(context, false, { learns }), io) : [source.example];
    for await (const example of examples) {
      if (split !== undefined && example.split !== split) continue;
      if (skipEmpty && example.text?.trim() === '') skipped++;
      else yield example;
    }
  }
  if (skipped > 0) output.note(`${counted(skipped, 'empty text')} left out`);
}

/** Passes examples on and keeps them until their answer comes. */
async function* remember(examples: AsyncIterable<Example>, waiting: Example[]): AsyncGenerator<Example, void, void> {
  for await (const example of examples) {
    waiting.push(example);
    yield example;
  }
}

/** @param labels - those between which the model chooses for a text; undefined where it does something else. */
function checkThreshold(threshold: number | undefined, labels: readonly string[] | undefined): void {
  if (threshold === undefined) return;
  if (!(threshold > 0 && threshold < 1))
    throw usageError(
      'FLAG_INVALID',
      `--threshold must be between 0 and 1, but ${threshold} was given.`,
      'Leave it out for that of the model.',
    );
  if (!labels)
    throw usageError(
      'FLAG_INVALID',
      '--threshold chooses between two labels of a text, but the model gives something else.',
      'Leave it out.',
    );
  if (labels.length !== 2)
    throw usageError(
      'FLAG_INVALID',
      `--threshold chooses between two labels, but the model has ${labels.length}.`,
      'Leave it out; every probability is written.',
    );
}

function decide(
  answer: AnswerTypes[Learns],
  threshold: number | undefined,
  labels: readonly string[],
): AnswerTypes[Learns] {
  if (threshold === undefined) return answer;
  const [first, second] = labels as readonly [string, string];
  const { probabilities } = answer as Prediction;
  const label = (probabilities[second] as number) >= threshold ? second : first;
  return { label, probability: probabilities[label] as number, probabilities };
}
