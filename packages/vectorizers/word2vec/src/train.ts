// Word2Vec: counts a corpus, then trains vectors of its words, chunk by chunk.
import { createBreathe, type Run, type RunControl, startRun, UnrolledError } from '@unrolled/core';
import { coresOf } from '@unrolled/wasm';
import { type Checkpoint, type CheckpointParts, corrupt, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { type Chunk, ChunkReader } from './corpus/chunks.ts';
import { type Corpus, checkCorpus, type TextTokenizer } from './corpus/corpus.ts';
import { type CorpusFacts, type CountedWords, countWords } from './corpus/count.ts';
import { HeldOut } from './held-out.ts';
import { createModel, type Word2VecModel } from './model.ts';
import { resolveOptions, type Word2VecOptions } from './options.ts';
import { learningRateAfter } from './schedule.ts';
import { chunkEntries, setUp, type Words } from './setup.ts';
import { checkFinite, Trainer } from './trainer.ts';

/** What a training may be given besides its options; none of it but `resume` changes the vectors. */
export interface Word2VecSettings {
  /** Threads, 1 to 64; as many as there are cores, at most 8, where left out. Where there is no shared memory there is one. */
  readonly threads?: number;
  /** How sentences that are texts become tokens. */
  readonly tokenizer?: TextTokenizer;
  /** Stops the training after the current chunk once it aborts; what was learned is kept. */
  readonly signal?: AbortSignal;
  /** Sentences that are not trained on, whose loss is computed in float64 after each epoch. */
  readonly heldOut?: Corpus;
  /**
   * Tokens and ends of sentences whose numbers are kept in memory, 4 bytes each, so that the corpus is read once; a longer one is
   * read anew for every epoch. 2^24 where left out.
   */
  readonly keptWords?: number;
  /** A checkpoint to go on from: its options hold, but for those that are given. */
  readonly resume?: Uint8Array;
}

/** What is known while a training goes on; after some chunks, and at the end of each epoch. */
export interface Word2VecProgress {
  /** The epoch under way, from 1. */
  readonly epoch: number;
  /** Planned. */
  readonly epochs: number;
  /** Share of all epochs that is done, 0 to 1. */
  readonly done: number;
  /** Words that were taken in, of all epochs. */
  readonly words: number;
  /** Tokens a second since the training began, those without a vector too. */
  readonly wordsPerSecond: number;
  /** Learning rate now. */
  readonly learningRate: number;
  /** Whether an epoch has just ended. */
  readonly epochEnded: boolean;
  /** Mean loss of a prediction on the held-out sentences after the last whole epoch, in nats; undefined without. */
  readonly loss: number | undefined;
  /** A checkpoint of this moment (or, where the training went on meanwhile, of a later one). */
  readonly checkpoint: () => Checkpoint;
}

/** A training under way: a promise of the model, and an async iterable of progress. */
export type Word2VecRun = Run<Word2VecModel, Word2VecProgress>;

/**
 * Trains a vector for each word of a corpus. It starts at once; leaving the loop over it stops it and keeps the vectors.
 *
 * Source: Mikolov, Chen, Corrado and Dean 2013, Efficient estimation of word representations in vector space; Mikolov,
 * Sutskever, Chen, Corrado and Dean 2013, Distributed representations of words and phrases and their compositionality.
 *
 * @throws UnrolledError at once `OPTION_INVALID`, `CORPUS_INVALID`, `CORPUS_READ_ONCE`, `MODEL_CORRUPT` (of `resume`); the run
 *   rejects with `CORPUS_READ_ONCE`, `CORPUS_CHANGED`, `CORPUS_EMPTY`, `VOCABULARY_EMPTY`, `SENTENCE_INVALID`,
 *   `MEMORY_EXCEEDED`, `TRAINING_DIVERGED`, `TRAINING_STOPPED_EARLY`, or what the corpus throws
 */
export function trainWord2Vec(corpus: Corpus, settings: Partial<Word2VecOptions> & Word2VecSettings = {}): Word2VecRun {
  const {
    threads = Math.min(coresOf(), MOST_THREADS),
    tokenizer,
    signal,
    heldOut,
    keptWords = 2 ** 24,
    resume,
    ...given
  } = settings;
  checkCorpus(corpus);
  if (heldOut) checkCorpus(heldOut);
  checkWhole('threads', threads, 1, 64);
  checkWhole('keptWords', keptWords, 0, Number.MAX_SAFE_INTEGER);
  const from = resume && decodeCheckpoint(resume);
  const options = resolveOptions(from ? { ...from.options, ...given } : given);
  if (from) checkSame(from.options, options);
  return startRun(
    (control) => new Training({ corpus, options, threads, tokenizer, heldOut, keptWords, from }, control).run(),
    signal,
  );
}

const MOST_THREADS = 8;

function checkWhole(name: string, value: number, minimum: number, maximum: number): void {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return;
  throw new UnrolledError(
    'OPTION_INVALID',
    `Word2Vec: option "${name}" must be a whole number, but ${value} was given.`,
    {
      mend: `Give a whole number from ${minimum} to ${maximum}.`,
    },
  );
}

/** What may change from one run to the next over the same weights. */
const free: readonly (keyof Word2VecOptions)[] = ['epochs', 'learningRate', 'finalLearningRate'];

function checkSame(before: Word2VecOptions, now: Word2VecOptions): void {
  for (const name of Object.keys(before) as (keyof Word2VecOptions)[]) {
    if (free.includes(name) || before[name] === now[name]) continue;
    throw new UnrolledError(
      'OPTION_INVALID',
      `Word2Vec: option "${name}" must be ${before[name]}, as in the checkpoint, but ${now[name]} was given.`,
      { mend: `Leave it out; only ${free.join(', ')} may change when a training is resumed.` },
    );
  }
}

/** What a training is made of. */
interface TrainingParts {
  readonly corpus: Corpus;
  readonly options: Word2VecOptions;
  readonly threads: number;
  readonly tokenizer: TextTokenizer | undefined;
  readonly heldOut: Corpus | undefined;
  readonly keptWords: number;
  readonly from: CheckpointParts | undefined;
}

/** What is known of the corpus; its sentences where they were counted in this run. */
type Read = Omit<CountedWords, 'store'> & { readonly store: CountedWords['store'] | undefined };

/** Milliseconds between two reports, at least, but for those that end an epoch. */
const PACE = 100;

class Training {
  readonly #parts: TrainingParts;
  readonly #control: RunControl<Word2VecProgress>;
  readonly #began = performance.now();
  #epoch: number;
  #chunk: number;
  #words = 0;
  #tokens = 0;
  #loss: number | undefined;
  #reported = 0;

  constructor(parts: TrainingParts, control: RunControl<Word2VecProgress>) {
    this.#parts = parts;
    this.#control = control;
    this.#epoch = parts.from?.epoch ?? 0;
    this.#chunk = parts.from?.chunk ?? 0;
  }

  async run(): Promise<Word2VecModel> {
    const { options, threads, from } = this.#parts;
    const { words, facts, store } = from ? { ...from, store: undefined } : await this.#count();
    const trainer = await Trainer.open(threads, (count) => setUp(options, words, count));
    try {
      if (from) this.#restore(trainer, from);
      const heldOut = await this.#readHeldOut(words);
      await this.#train(trainer, { words, facts, store }, heldOut);
      checkFinite(trainer);
      return this.#model(trainer, words, facts);
    } finally {
      await trainer.close();
    }
  }

  async #count(): Promise<CountedWords> {
    const { corpus, tokenizer, options, keptWords } = this.#parts;
    const counting = { corpus, tokenizer, limits: options, kept: keptWords };
    const counted = await countWords(counting, () => this.#control.stopping() !== undefined);
    if (counted) return counted;
    throw new UnrolledError(
      'TRAINING_STOPPED_EARLY',
      'The training was stopped while words were counted: there are no vectors yet.',
      { mend: 'Start it again and let it count.' },
    );
  }

  #restore(trainer: Trainer, { input, output, position }: CheckpointParts): void {
    const { plan } = trainer.setup;
    if (input.length !== plan.inputRows * plan.size || output.length !== plan.outputRows * plan.size)
      throw corrupt('its tables don’t fit its words');
    trainer.write('input', input);
    trainer.write('output', output);
    trainer.goTo(position);
    this.#words = position.words;
  }

  async #readHeldOut(words: Words): Promise<HeldOut | undefined> {
    const { heldOut, tokenizer, options } = this.#parts;
    return heldOut && HeldOut.read(heldOut, tokenizer, words, options);
  }

  async #train(trainer: Trainer, { words, facts, store }: Read, heldOut: HeldOut | undefined): Promise<void> {
    const { corpus, tokenizer, options, keptWords } = this.#parts;
    const numberOf = new Map(words.tokens.map((token, number) => [token, number]));
    const expected = facts.occurrences;
    const size = chunkEntries;
    const reader = new ChunkReader({ corpus, tokenizer, numberOf, size, kept: keptWords, expected, store });
    const breathe = createBreathe();
    const stopped = () => this.#control.stopping() !== undefined;
    const take = async (chunk: Chunk): Promise<void> => {
      this.#trainChunk(trainer, chunk, expected);
      if (chunk.last && heldOut) this.#loss = heldOut.loss(trainer);
      if (chunk.last) checkFinite(trainer);
      if (chunk.last || performance.now() - this.#reported > PACE)
        await this.#report(trainer, words, facts, chunk.last);
      await breathe();
    };
    while (this.#epoch < options.epochs && !stopped()) await reader.read(take, this.#chunk, stopped);
  }

  #trainChunk(trainer: Trainer, chunk: Chunk, expected: number): void {
    trainer.raw.set(chunk.entries);
    const rates = { from: this.#rate(expected), to: this.#rate(expected, chunk.words), last: chunk.last };
    trainer.train(chunk.entries.length, chunk.words, rates);
    this.#words += chunk.words;
    this.#tokens += chunk.tokens;
    this.#chunk = chunk.last ? 0 : this.#chunk + 1;
    if (chunk.last) this.#epoch += 1;
  }

  /** Learning rate after so many further words. */
  #rate(expected: number, further = 0): number {
    return learningRateAfter(this.#words + further, expected, this.#parts.options);
  }

  async #report(trainer: Trainer, words: Words, facts: CorpusFacts, epochEnded: boolean): Promise<void> {
    const { epochs } = this.#parts.options;
    this.#reported = performance.now();
    await this.#control.report({
      epoch: epochEnded ? this.#epoch : this.#epoch + 1,
      epochs,
      done: Math.min(1, this.#words / (epochs * facts.occurrences)),
      words: this.#words,
      wordsPerSecond: (1000 * this.#tokens) / (performance.now() - this.#began),
      learningRate: this.#rate(facts.occurrences),
      epochEnded,
      loss: this.#loss,
      checkpoint: () => encodeCheckpoint(this.#checkpoint(trainer, words, facts)),
    });
  }

  #checkpoint(trainer: Trainer, words: Words, facts: CorpusFacts): CheckpointParts {
    const [input, output] = [trainer.read('input'), trainer.read('output')];
    const { options } = this.#parts;
    const [position, epoch, chunk] = [trainer.position(), this.#epoch, this.#chunk];
    return { options, words, facts, input, output, position, epoch, chunk };
  }

  #model(trainer: Trainer, words: Words, facts: CorpusFacts): Word2VecModel {
    const unknown = facts.occurrencesBelowMinimum + facts.occurrencesBeyondMaximum;
    const report = {
      ...facts,
      unknownRate: unknown / (unknown + facts.occurrences),
      trainedWords: this.#words,
      epochs: this.#epoch,
      threads: trainer.setup.plan.threads,
      seconds: (performance.now() - this.#began) / 1000,
    };
    const { subwords } = trainer.setup;
    const stopped = this.#control.stopping() ?? 'finished';
    return createModel({ parts: this.#checkpoint(trainer, words, facts), subwords, report, stopped });
  }
}
