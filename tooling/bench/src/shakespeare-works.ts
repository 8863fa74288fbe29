// The next character of Shakespeare's plays: our pipeline from the texts on, its training steps alone, and how well it learns.
import { writeFileSync } from 'node:fs';
import {
  type Batch,
  encodeSafetensors,
  type NetworkDescription,
  type StoredTensor,
  type Tensors,
} from '@unrolled/core';
import { shakespearePlays } from '@unrolled/dataset-shakespeare';
import { compile, ours } from '../ours.ts';
import { cores } from './cores.ts';
import { recorder } from './recorder.ts';
import type { Work } from './serve.ts';
import { learningRate, recordingFile, settings, shakespearePipeline, streams } from './shakespeare-pipeline.ts';

/** Which plays, and how often. */
interface Given {
  readonly name: string;
  readonly plays: number;
  readonly epochs?: number;
  readonly seed?: number;
}

/** An epoch by `fit`: splitting into characters, numbering, compiling, training, measuring on the last tenth. */
export async function shakespeareFit({ plays }: Given): Promise<Work> {
  const texts = (await shakespearePlays()).slice(0, plays);
  const run = async (): Promise<void> => {
    const pipeline = shakespearePipeline(ours);
    await pipeline.fit(texts, { ...settings, epochs: 1 });
    pipeline.dispose();
  };
  return { run };
}

/** The training steps of an epoch on a network that goes on from call to call. Writes what they are fed to the recording. */
export async function shakespeareSteps(given: Given): Promise<Work> {
  const { network, initial, windows } = await record(given);
  const executable = await compile(network, { threads: cores });
  await executable.write({ parameters: initial });
  let update = 0;
  const run = async (): Promise<void> => {
    let state = executable.initialState(streams);
    for (const batch of windows)
      ({ state } = await executable.trainStep(batch, state, { key: { seed: 1, update: update++ }, learningRate }));
  };
  return { run, facts: { characters: steps(windows) * streams, updates: windows.length } };
}

/** Trains and says what came of it. Writes what was learned from to the recording. */
export async function shakespeareQuality(given: Given): Promise<Work> {
  const { bits, seconds } = await record(given);
  return { run: async () => {}, facts: { bits, seconds } };
}

/** What the recorder saw. */
interface Recording {
  readonly network: NetworkDescription;
  readonly initial: Tensors;
  /** Of the first epoch. */
  readonly windows: readonly Batch[];
  /** Per character of the last tenth. */
  readonly bits: number;
  /** Of all epochs. */
  readonly seconds: number;
}

/** Trains a pipeline, keeps what its network is fed, and writes it down. */
async function record({ name, plays, epochs = 1, seed = 1 }: Given): Promise<Recording> {
  const texts = (await shakespearePlays()).slice(0, plays);
  const windows: Batch[] = [];
  const held: Batch[] = [];
  const seen: { network?: NetworkDescription; initial?: Tensors } = {};
  let epoch = 0;
  const backend = recorder((executable, network) => {
    seen.network = network;
    return {
      write: (snapshot) => {
        seen.initial ??= snapshot.parameters as Tensors;
        return executable.write(snapshot);
      },
      trainStep: (batch, state, options) => {
        if (epoch === 0) windows.push(batch);
        return executable.trainStep(batch, state, options);
      },
      forward: (batch, state, options) => {
        if (epoch === 0) held.push(batch);
        return executable.forward(batch, state, options);
      },
    };
  });
  const pipeline = shakespearePipeline(backend);
  let seconds = 0;
  for await (const { ended } of pipeline.fit(texts, { ...settings, epochs, seed }))
    if (ended) {
      epoch = ended.epoch;
      seconds += ended.seconds;
    }
  const bits = pipeline.info().metrics.bitsPerToken as number;
  pipeline.dispose();
  const { network, initial } = seen as Required<typeof seen>;
  writeRecording(recordingFile(name), initial, windows, held);
  return { network, initial, windows, bits, seconds };
}

/** First weights, and the characters `[steps, streams]` of both parts with those that follow them. */
function writeRecording(file: string, initial: Tensors, windows: readonly Batch[], held: readonly Batch[]): void {
  const streamsOf = (part: string, batches: readonly Batch[]): [string, StoredTensor][] => {
    const shape = [steps(batches), streams];
    const joined = (of: (batch: Batch) => Int32Array): StoredTensor => ({ shape, data: join(batches.map(of)) });
    return [
      [`${part}.x`, joined(({ inputs }) => inputs.x as Int32Array)],
      [`${part}.y`, joined(({ targets }) => targets as Int32Array)],
      // A stream may be a step shorter than the others.
      [`${part}.lengths`, { shape: [streams], data: lengths(batches) }],
    ];
  };
  const tensors = new Map<string, StoredTensor>([
    ...Object.entries(initial),
    ...streamsOf('training', windows),
    ...streamsOf('validation', held),
  ]);
  writeFileSync(file, encodeSafetensors(tensors, {}));
}

function steps(batches: readonly Batch[]): number {
  return batches.reduce((sum, { time }) => sum + time, 0);
}

function lengths(batches: readonly Batch[]): Int32Array {
  return Int32Array.from({ length: streams }, (_, row) =>
    batches.reduce((sum, { lengths: all }) => sum + (all[row] as number), 0),
  );
}

function join(pieces: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
