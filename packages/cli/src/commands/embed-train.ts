// embed train: learns vectors of the words of texts, and saves them whatever happens on the way.
import { isUnrolledError, UnrolledError } from '@unrolled/core';
import type { Command, Context } from '../context.ts';
import { DATA_FLAGS, readOptions } from '../data.ts';
import type { Flag, FlagValues } from '../flags/flag.ts';
import { defined } from '../flags/run-flags.ts';
import { TOKENIZER_FLAG, tokenizerFromFlags } from '../flags/tokenizer.ts';
import { EXIT } from '../io.ts';
import { kindOf } from '../read/bytes.ts';
import { readExamples } from '../read/examples.ts';
import { counted, duration, percent } from '../show/number.ts';
import { VectorsBar, vectorsEpochLine } from '../show/vectors-progress.ts';
import { usageError } from '../usage.ts';
import { openVectorsPlace, VECTORS_PLACE_FLAGS, type VectorsPlace } from '../vectors-place.ts';
import type { Word2Vec, Word2VecModel, Word2VecReport, Word2VecRequest, Word2VecTraining } from '../word2vec.ts';

const TRAINING_FLAGS: readonly Flag[] = [
  { name: 'mode', value: 'skip-gram|cbow', description: 'whether a word predicts its neighbours; default skip-gram' },
  { name: 'size', value: 'N', description: 'numbers in a vector; default 100' },
  { name: 'window', value: 'N', description: 'words to each side that are neighbours, at most; default 5' },
  { name: 'negatives', value: 'N', description: 'draws of noise for each word that is predicted; default 5' },
  { name: 'epochs', value: 'N', description: 'passes over the texts; default 5' },
  { name: 'minimum-count', value: 'N', description: 'words seen less often are left out; default 5' },
  { name: 'sample', value: 'SHARE', description: 'beyond it a word loses occurrences; default 0.001, 0 for none' },
  { name: 'learning-rate', value: 'RATE', description: 'the first one, which falls; default 0.025, of cbow 0.05' },
  { name: 'profile', value: 'unrolled|word2vec.c|gensim', description: 'whose habits are followed; default unrolled' },
  {
    name: 'parallel',
    value: 'deterministic|hogwild',
    description: 'deterministic gives the same bits for any number of threads; default',
  },
  { name: 'threads', value: 'N', description: 'default as many as there are cores, at most 8' },
  { name: 'seed', value: 'N', description: 'decides every random draw; default 1' },
  { name: 'held-out', value: 'FILE', description: 'texts not to train on, whose loss is shown after each epoch' },
];

/** The command. */
export const embedTrain: Command = {
  name: 'embed train',
  summary: 'learn word vectors from texts and save them',
  usage: 'CORPUS…',
  examples: [
    ['embed train corpus.txt --output vectors.txt', 'from a text of one sentence or paragraph a line'],
    ['embed train a.txt b.txt --mode cbow --size 200 --output v.bin', "in word2vec's binary"],
    ['embed train reviews.tsv --text-column review --output v.vec', 'from a column of a table'],
    ['embed train corpus.txt --output vectors.txt --resume', 'from where it was stopped'],
  ],
  flags: [
    { title: 'Training', flags: TRAINING_FLAGS },
    { title: 'Saving', flags: VECTORS_PLACE_FLAGS },
    { title: 'Words', flags: [TOKENIZER_FLAG] },
    { title: 'Data', flags: DATA_FLAGS },
  ],
  shapesManifest: false,
  takesTokenizer: true,
  arguments: [1, Number.POSITIVE_INFINITY],
  run: async (context) => {
    const { io, output, values } = context;
    const settings = trainingSettings(values);
    const tokenizer = tokenizerFromFlags(context);
    const corpus = await openCorpus(context.positionals, context);
    const heldOut = values.has('held-out') ? await openCorpus(values.texts('held-out'), context) : undefined;
    const place = await openVectorsPlace(context);
    const { trainWord2Vec } = await loadWord2Vec(context);
    const onInterrupt = () => output.note('Stopping after this step, then saving; Ctrl-C again leaves at once.');
    io.signal.addEventListener('abort', onInterrupt);
    try {
      const run = trainWord2Vec(corpus, {
        ...settings,
        ...defined({ heldOut, resume: place.resume }),
        tokenizer,
        signal: io.signal,
      });
      return await finish(await learn(run, place, context), place, context);
    } catch (error) {
      if (!isUnrolledError(error, 'TRAINING_STOPPED_EARLY')) throw error;
      output.note('Stopped before anything was learned; nothing was saved.');
      return EXIT.interrupted;
    } finally {
      io.signal.removeEventListener('abort', onInterrupt);
    }
  },
};

/** What the flags say about a training. @throws UnrolledError `FLAG_INVALID` */
function trainingSettings(values: FlagValues): Omit<Word2VecRequest, 'tokenizer' | 'signal'> {
  return defined({
    mode: values.choice('mode', ['skip-gram', 'cbow']),
    size: values.integer('size', 1),
    window: values.integer('window', 1),
    negatives: values.integer('negatives', 1),
    epochs: values.integer('epochs', 1),
    minimumCount: values.integer('minimum-count', 1),
    sample: values.number('sample'),
    learningRate: values.number('learning-rate'),
    profile: values.choice('profile', ['unrolled', 'word2vec.c', 'gensim']),
    parallel: values.choice('parallel', ['deterministic', 'hogwild']),
    threads: values.integer('threads', 1),
    seed: values.integer('seed', 0),
  });
}

/** What trains. @throws UnrolledError `TRAINER_MISSING` */
async function loadWord2Vec({ program }: Context): Promise<Word2Vec> {
  if (program.word2vec) return await program.word2vec();
  throw new UnrolledError('TRAINER_MISSING', `${program.name} was made without what trains word vectors.`, {
    mend: "Run npm install @unrolled/vectorizer-word2vec, and give run() a program with word2vec: () => import('@unrolled/vectorizer-word2vec').",
  });
}

/** The texts of files, read anew each time they are asked for. @throws UnrolledError `FILE_MISSING`, `ARGUMENT_INVALID` */
async function openCorpus(paths: readonly string[], context: Context): Promise<AsyncIterable<string>> {
  for (const path of paths)
    if ((await kindOf(path, context.io)) === 'stdin')
      throw usageError(
        'ARGUMENT_INVALID',
        'Texts to learn word vectors from are read several times, which stdin cannot be.',
        'Write them to a file first.',
      );
  const said = new Set<string>();
  const note = (sentence: string): void => {
    if (!said.has(sentence)) context.output.note(sentence);
    said.add(sentence);
  };
  return { [Symbol.asyncIterator]: () => textsOf(paths, note, context) };
}

async function* textsOf(
  paths: readonly string[],
  note: (sentence: string) => void,
  context: Context,
): AsyncGenerator<string, void, void> {
  const options = { ...readOptions(context, false), note };
  const wanted = context.values.text('split');
  for (const path of paths)
    for await (const { text = '', split } of readExamples(path, options, context.io))
      if (wanted === undefined || split === wanted) yield text;
}

/** Shows progress and keeps a checkpoint of each epoch. */
async function learn(run: Word2VecTraining, place: VectorsPlace, { output, io }: Context): Promise<Word2VecModel> {
  const bar = new VectorsBar((line) => output.showBar(line), io.columns);
  output.showBar('counting words');
  for await (const progress of run) {
    bar.update(progress);
    if (!progress.epochEnded) continue;
    await place.keep(progress.checkpoint());
    const { epoch, epochs, learningRate, wordsPerSecond, loss } = progress;
    if (output.json)
      await output.print(JSON.stringify({ event: 'epoch', epoch, epochs, learningRate, wordsPerSecond, loss }));
    else if (!output.quiet) await output.print(vectorsEpochLine(progress));
  }
  return await run;
}

async function finish(model: Word2VecModel, place: VectorsPlace, { output }: Context): Promise<number> {
  const { vectors, report, stopped } = model;
  const interrupted = stopped === 'aborted';
  if (report.trainedWords === 0) {
    output.note('Stopped before anything was learned; nothing was saved.');
    return EXIT.interrupted;
  }
  if (interrupted) await place.keep(model.checkpoint());
  await place.save(vectors, !interrupted);
  const { words, size } = vectors;
  if (output.json)
    await output.print(
      JSON.stringify({ event: 'end', stopped, words: words.length, size, ...report, file: place.file }),
    );
  else if (!output.quiet) {
    await output.print(describeReport(report, words.length, size));
    await output.print(`saved in ${place.file}`);
  }
  if (interrupted) output.note('Add --resume to the same line to go on.');
  return interrupted ? EXIT.interrupted : EXIT.done;
}

/** What became of the texts. */
function describeReport(report: Word2VecReport, words: number, size: number): string {
  const { occurrences, occurrencesBelowMinimum, tokensBelowMinimum, unknownRate, emptySentences } = report;
  const lost = `${percent(unknownRate)} of ${counted(occurrences + occurrencesBelowMinimum, 'token')} without a vector`;
  const empty = emptySentences > 0 ? `; ${counted(emptySentences, 'empty text')}` : '';
  return [
    `${counted(words, 'word')} of ${size} numbers in ${duration(report.seconds)}, ${counted(report.epochs, 'whole epoch')}, ${counted(report.threads, 'thread')}`,
    `${lost} (${counted(tokensBelowMinimum, 'word')} below the minimum count)${empty}`,
  ].join('\n');
}
