// evaluate: measures a saved model on labelled data.
import type { Command } from '../context.ts';
import { DATA_FLAGS, labelledExamples, splitsOf } from '../data.ts';
import { EXIT } from '../io.ts';
import { COMPUTE_FLAGS, openModel, wantedOf } from '../model.ts';
import { drawEvaluation } from '../show/evaluation.ts';

/** The command. */
export const evaluate: Command = {
  name: 'evaluate',
  summary: 'measure a model on labelled data',
  usage: 'MODEL DATA',
  examples: [
    ['evaluate model reviews.tsv', 'on the split heldout or test, where the data have splits'],
    ['evaluate model test.csv --json', 'as one JSON object'],
    ['evaluate model rest.txt', 'a model of the next token, on a text'],
    ['evaluate model reviews.tsv --shuffle-steps 1', 'with the words of each text in another order'],
  ],
  flags: [
    { title: 'Data', flags: DATA_FLAGS },
    {
      title: 'Measuring',
      flags: [
        {
          name: 'shuffle-steps',
          value: 'SEED',
          description: 'shuffle the steps of each example first: what is lost needed their order',
        },
        { name: 'skip-empty', description: 'leave out empty texts instead of refusing them' },
        ...COMPUTE_FLAGS,
      ],
    },
  ],
  shapesManifest: false,
  arguments: [2, 2],
  run: async (context) => {
    const { positionals, values, output, io } = context;
    const [folder, data] = positionals as [string, string];
    const model = await openModel(folder, context);
    const splits = splitsOf(context, ['heldout', 'test']);
    const examples = labelledExamples(data, splits, context, wantedOf(model));
    const batchSize = values.integer('batch-size', 1);
    const shuffleSteps = values.integer('shuffle-steps', 0);
    const evaluation = await model.evaluate(examples, {
      emptyText: values.flag('skip-empty') ? 'skip' : 'error',
      ...(batchSize !== undefined && { batchSize }),
      ...(shuffleSteps !== undefined && { shuffleSteps }),
    });
    await output.print(output.json ? JSON.stringify(evaluation) : drawEvaluation(evaluation, io.columns));
    model.dispose();
    return EXIT.done;
  },
};
