// train: learns a model from labelled data and saves it, whatever happens on the way.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  createPipeline,
  type Example,
  type FitSettings,
  type History,
  isUnrolledError,
  type Pipeline,
  type ResolvedPipeline,
  type UnrolledError,
} from '@unrolled/core';
import type { Command, Context } from '../context.ts';
import { DATA_FLAGS, labelledExamples, type Splits, splitsOf, TRAINING_SPLITS, type Wanted } from '../data.ts';
import { defined, RUN_FLAGS, runSettings } from '../flags/run-flags.ts';
import { EXIT } from '../io.ts';
import { OUT_FLAGS, openPlace, type Place } from '../place.ts';
import { missingFile } from '../read/bytes.ts';
import { looksLikePath } from '../read/sources.ts';
import { hintAtBackends, resolveFromFlags } from '../resolve.ts';
import { epochLine, ProgressBar } from '../show/progress.ts';
import { drawHistory } from '../show/report.ts';
import { followerOf, TENSORBOARD_FLAGS } from '../tensorboard.ts';
import { usageError } from '../usage.ts';

/** The command. */
export const train: Command = {
  name: 'train',
  summary: 'learn a model from labelled data and save it',
  usage: 'DATA',
  examples: [
    ['train reviews.tsv --out model', 'on the split train, where the data have splits'],
    ['train reviews.csv --validation 0.1 --early-stopping 2', 'until it gets no better'],
    ['train reviews.csv --cell vanilla --units 32', 'another network'],
    ['train reviews.csv --resume', 'from where it was stopped'],
    ['train reviews.csv --task linear', 'a bag of words, without layers'],
    ['train tagged.conll --task many-to-many', 'a label for each token'],
    ['train rated.tsv --task regression', 'a number for each text'],
    ['train corpus.txt --task language-model --stream', 'the next token of an endless text'],
  ],
  flags: [
    { title: 'Training', flags: RUN_FLAGS },
    { title: 'Saving', flags: OUT_FLAGS },
    { title: 'TensorBoard', flags: TENSORBOARD_FLAGS },
    { title: 'Data', flags: DATA_FLAGS },
  ],
  shapesManifest: true,
  arguments: [1, 1],
  run: async (context) => {
    const { io, output } = context;
    let steps = 0;
    const onInterrupt = () =>
      output.note(`Stopping${steps > 0 ? ' after this step, then saving' : ''}; Ctrl-C again leaves at once.`);
    io.signal.addEventListener('abort', onInterrupt);
    try {
      const resolved = resolveFromFlags(context);
      const place = await openPlace(context);
      const settings = await fitSettings(context, place, resolved);
      const pipeline = createPipeline(resolved);
      output.note(describePipeline(resolved));
      hintAtBackends(context);
      const onStep = () => {
        steps += 1;
      };
      const wanted = wantedOf(resolved, settings);
      const history = await learn(pipeline, settings, { place, wanted, onStep }, context);
      return await finish(pipeline, history, place, context);
    } catch (error) {
      if (!isUnrolledError(error, 'RUN_STOPPED')) throw error;
      output.note(STOPPED_EARLY);
      return EXIT.interrupted;
    } finally {
      io.signal.removeEventListener('abort', onInterrupt);
    }
  },
};

const GO_ON = 'Add --resume to the same line to go on.';
const STOPPED_EARLY = 'Stopped before the first update; nothing was saved.';

/** Flags over the settings of the config file. */
async function fitSettings(context: Context, place: Place, resolved: ResolvedPipeline): Promise<FitSettings> {
  const { config, values, io } = context;
  const run = { ...config.run, ...runSettings(values) };
  const settings: FitSettings = {
    ...run,
    ...defined({ validation: await validation(context, wantedOf(resolved, run)), resume: place.resume }),
    checkpoint: place.checkpoint,
    signal: io.signal,
  };
  const needing = [
    ['--early-stopping', settings.earlyStopping !== undefined],
    ['--calibrate', settings.calibrate === true],
    ['--threshold accuracy|f1', typeof settings.threshold === 'object'],
  ] as const;
  for (const [flag, given] of needing)
    if (given && settings.validation === undefined)
      throw usageError('FLAG_INVALID', `${flag} needs a validation part.`, 'Add for example --validation 0.1.');
  return settings;
}

/** What is read of the data: what the task learns; a plain text is one example where it is endless, else one on each line. */
function wantedOf({ learns, vectorizer }: ResolvedPipeline, { stream = false }: FitSettings): Wanted {
  return { learns, whole: stream, reads: vectorizer.plugin.reads };
}

/** A share, a file, or a split of the training data. */
async function validation(context: Context, wanted: Wanted): Promise<FitSettings['validation'] | undefined> {
  const { values, positionals, io } = context;
  const text = values.text('validation');
  if (text === undefined) return undefined;
  const share = Number(text);
  if (share > 0 && share < 1) return share;
  if (Number.isFinite(share))
    throw usageError(
      'FLAG_INVALID',
      `--validation must be a share between 0 and 1, a split or a file, but ${text} was given.`,
      'Give for example --validation 0.1.',
    );
  const [data] = positionals as [string];
  if (existsSync(resolve(io.cwd, text))) {
    if (resolve(io.cwd, text) === resolve(io.cwd, data)) throw learnedFrom(text);
    return labelledExamples(text, undefined, context, wanted);
  }
  if (data === '-')
    throw usageError(
      'FLAG_INVALID',
      `--validation ${text} is no file, and stdin can't be read twice for a split.`,
      'Give a share, or the data as a file.',
    );
  if (looksLikePath(text)) throw await missingFile(text, io);
  return splitToValidate(data, text, context, wanted);
}

/** A split of the training data. @throws UnrolledError `SPLIT_MISSING`, or `FLAG_INVALID` where it is what is learned from */
async function* splitToValidate(
  data: string,
  name: string,
  context: Context,
  wanted: Wanted,
): AsyncGenerator<Example, void, void> {
  const splits: Splits = { names: [name], flag: 'validation' };
  for await (const example of labelledExamples(data, splits, context, wanted)) {
    if (splitsOf(context, TRAINING_SPLITS).names.includes(name)) throw learnedFrom(name);
    yield example;
  }
}

function learnedFrom(text: string): UnrolledError {
  return usageError(
    'FLAG_INVALID',
    `--validation ${text} is what is learned from, which tells nothing about other texts.`,
    'Name another split or file, or give a share, as --validation 0.1.',
  );
}

/** `words → embedding → lstm (both) → many-to-one; adam, bptt; on reference` */
function describePipeline({
  tokenizer,
  vectorizer,
  layers,
  task,
  optimizer,
  trainer,
  backend,
}: ResolvedPipeline): string {
  const way = layers.map(
    ({ plugin, direction }) => `${plugin.name}${direction === 'forward' ? '' : ` (${direction})`}`,
  );
  const path = [tokenizer?.plugin.name, vectorizer.plugin.name, ...way, task.plugin.name].filter(Boolean).join(' → ');
  return `${path}; ${optimizer?.plugin.name}, ${trainer?.plugin.name}; on ${backend.plugin.name}`;
}

async function learn(
  pipeline: Pipeline,
  settings: FitSettings,
  { place, wanted, onStep }: { readonly place: Place; readonly wanted: Wanted; readonly onStep: () => void },
  context: Context,
): Promise<History> {
  const { positionals, output, io } = context;
  const splits = splitsOf(context, TRAINING_SPLITS);
  const examples = labelledExamples(positionals[0] as string, splits, context, wanted);
  const follow = followerOf(context);
  const run = follow(pipeline.fit(examples, settings));
  const bar = new ProgressBar((line) => output.showBar(line), io.columns);
  try {
    for await (const progress of run) {
      onStep();
      bar.update(progress);
      const { ended, epochs } = progress;
      if (!ended) continue;
      if (output.json) await output.print(JSON.stringify({ event: 'epoch', ...ended }));
      else if (!output.quiet) await output.print(epochLine(ended, epochs));
    }
    return await run;
  } catch (error) {
    if (isUnrolledError(error, 'CHECKPOINT_WRITE_FAILED')) await rescue(pipeline, place, context);
    throw error;
  }
}

/** A checkpoint could not be written: the model itself is smaller and may still find room. */
async function rescue(pipeline: Pipeline, place: Place, { output }: Context): Promise<void> {
  try {
    await place.rescue(pipeline);
    output.note(`The model as it stands was saved in ${place.folder}, without a checkpoint.`);
  } catch {
    // The error that led here says what there is and how to go on.
  }
}

async function finish(pipeline: Pipeline, history: History, place: Place, { output }: Context): Promise<number> {
  const interrupted = history.stopped === 'aborted';
  if (history.updates === 0) {
    output.note((await place.hasCheckpoint()) ? `Stopped before the first update. ${GO_ON}` : STOPPED_EARLY);
    return EXIT.interrupted;
  }
  await place.save(pipeline, !interrupted);
  const { metrics } = pipeline.info();
  pipeline.dispose();
  const { epochs: _epochs, ...end } = history;
  if (output.json) await output.print(JSON.stringify({ event: 'end', ...end, metrics, model: place.folder }));
  else if (!output.quiet) {
    await output.print(drawHistory(history));
    await output.print(`saved in ${place.folder}`);
  }
  if (interrupted) output.note(GO_ON);
  return interrupted ? EXIT.interrupted : EXIT.done;
}
