// A training as the bytes of one safetensors file, from which it goes on as if it had not been interrupted.
import {
  counted,
  decodeSafetensors,
  encodeSafetensors,
  isUnrolledError,
  type StoredValues,
  type TensorFile,
  UnrolledError,
} from '@unrolled/core';
import type { CorpusFacts } from './corpus/count.ts';
import { resolveOptions, type Word2VecOptions } from './options.ts';
import type { Words } from './setup.ts';
import type { Position } from './trainer.ts';

/** The bytes of a checkpoint: a safetensors file. */
export type Checkpoint = Uint8Array<ArrayBuffer>;

/** What a checkpoint holds. */
export interface CheckpointParts {
  readonly options: Word2VecOptions;
  readonly words: Words;
  readonly facts: CorpusFacts;
  /** Rows of the input `[rows, size]` and of the output. */
  readonly input: Float32Array;
  readonly output: Float32Array;
  readonly position: Position;
  /** Whole epochs. */
  readonly epoch: number;
  /** Whole chunks of the epoch under way. */
  readonly chunk: number;
}

const FORMAT = 1;
const KEY = 'word2vec';

/** Writes a checkpoint. */
export function encodeCheckpoint(parts: CheckpointParts): Checkpoint {
  const { options, words, facts, input, output, position, epoch, chunk } = parts;
  const rows = (data: Float32Array) => ({ shape: [data.length / options.size, options.size], data });
  const list = (data: StoredValues) => ({ shape: [data.length], data });
  const tensors = {
    input: rows(input),
    output: rows(output),
    counts: list(Float64Array.from(words.counts)),
    pending: list(position.pending),
    reaches: list(position.reaches),
  };
  const place = { words: position.words, kept: position.kept, next: position.next, epoch, chunk };
  const metadata = JSON.stringify({ format: FORMAT, options, facts, place, tokens: words.tokens });
  return encodeSafetensors(Object.entries(tensors), { [KEY]: metadata });
}

/** What {@link encodeCheckpoint} wrote about place and words. */
interface Metadata {
  readonly format: number;
  readonly options: Word2VecOptions;
  readonly facts: CorpusFacts;
  readonly place: Readonly<Record<'words' | 'kept' | 'next' | 'epoch' | 'chunk', number>>;
  readonly tokens: readonly string[];
}

/** Reads a checkpoint. @throws UnrolledError `MODEL_CORRUPT`, which says what is wrong */
export function decodeCheckpoint(bytes: Uint8Array): CheckpointParts {
  const file = decodeSafetensors(bytes);
  const { options, facts, place, tokens } = readMetadata(file);
  const [input, output] = [tensor(file, 'input', Float32Array), tensor(file, 'output', Float32Array)];
  const counts = tensor(file, 'counts', Float64Array);
  const [pending, reaches] = [tensor(file, 'pending', Int32Array), tensor(file, 'reaches', Int32Array)];
  if (counts.length !== tokens.length)
    throw corrupt(`it has ${counted(tokens.length, 'word')}, but ${counted(counts.length, 'count')}`);
  if (pending.length !== reaches.length) throw corrupt('its pending words and their windows differ in number');
  if (pending.some((word) => word < -1 || word >= tokens.length)) throw corrupt('a pending word has no number');
  return {
    ...{ options, facts, input, output },
    words: { tokens, counts: [...counts] },
    position: { words: place.words, kept: place.kept, next: place.next, pending, reaches },
    epoch: place.epoch,
    chunk: place.chunk,
  };
}

function readMetadata({ metadata }: TensorFile): Metadata {
  const text = metadata.get(KEY);
  if (text === undefined) throw corrupt('it is not of Word2Vec');
  let read: Partial<Metadata>;
  try {
    read = JSON.parse(text) as Partial<Metadata>;
  } catch {
    throw corrupt('its description is not JSON');
  }
  const { format, options, facts, place, tokens } = read ?? {};
  if (format !== FORMAT) throw corrupt(`its format is ${String(format)}, not ${FORMAT}`);
  if (!Array.isArray(tokens) || tokens.some((token) => typeof token !== 'string')) throw corrupt('it has no words');
  if (!facts || !place || Object.values(place).some((value) => !Number.isSafeInteger(value) || value < 0))
    throw corrupt('it does not say where the training stands');
  return { format, options: checkedOptions(options), facts, place, tokens };
}

function checkedOptions(options: unknown): Word2VecOptions {
  try {
    return resolveOptions(options as Partial<Word2VecOptions>);
  } catch (error) {
    throw isUnrolledError(error) ? corrupt(error.message) : error;
  }
}

function tensor<T extends StoredValues>(
  { tensors }: TensorFile,
  name: string,
  type: { new (...of: never[]): T; readonly name: string },
): T {
  const data = tensors.get(name)?.data;
  if (data instanceof type) return data;
  throw corrupt(`it has no ${name} of type ${type.name}`);
}

/** @returns the error of a checkpoint that can't be read */
export function corrupt(problem: string): UnrolledError {
  return new UnrolledError('MODEL_CORRUPT', `This checkpoint is damaged: ${problem}.`, {
    mend: 'Copy it again from where it was saved, or train anew.',
  });
}
