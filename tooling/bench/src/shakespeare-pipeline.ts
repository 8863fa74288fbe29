// The model of the next character that is measured, as the shipped example makes it: characters, an embedding of 32, an LSTM of 192 units.
import { join } from 'node:path';
import { lstm } from '@unrolled/cell-lstm';
import { type Backend, createRegistry, type FitSettings, type Pipeline } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { adam } from '@unrolled/optimizers';
import { languageModel } from '@unrolled/task-language-model';
import { characters } from '@unrolled/tokenizer-characters';
import { truncatedBptt } from '@unrolled/trainer-truncated-bptt';
import { embedding } from '@unrolled/vectorizer-embedding';
import { cache } from './cache.ts';
import { cores } from './cores.ts';

/** Size of a character's vector. */
const embeddingSize = 32;
/** Of the LSTM. */
export const units = 192;
/** Contiguous streams that the text is cut into. */
export const streams = 32;
/** Steps of a window: one update each. */
const window = 50;
/** Of Adam. */
export const learningRate = 0.004;
/** Along half a cosine to this part of it at the end of the run. */
const final = 0.05;
/** Bound on the norm of a window's gradient. */
const clip = 5;

/** What the pipeline was fed, and what its network began with, for processes in other languages. */
export function recordingFile(name: string): string {
  return join(cache, `shakespeare-${name}.safetensors`);
}

/** A new pipeline on `backend`. */
export function shakespearePipeline(backend: Backend): Pipeline<string, 'next'> {
  return createRegistry([
    characters,
    embedding,
    lstm,
    languageModel,
    categoricalCrossEntropy,
    adam,
    truncatedBptt,
    backend,
  ]).pipeline({
    input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding', with: { size: embeddingSize } } },
    layers: [{ use: 'lstm', with: { units } }],
    task: { use: 'language-model' },
    optimizer: {
      use: 'adam',
      with: { learningRate, schedule: { kind: 'cosine', final } },
      clip: { norm: clip },
    },
    trainer: { use: 'truncated-bptt', with: { every: window } },
    backend: { use: backend.name, threads: cores },
  } as never) as unknown as Pipeline<string, 'next'>;
}

/** How it learns: the last tenth of the text is measured on. */
export const settings: FitSettings = { batchSize: streams, seed: 1, stream: true, validation: 0.1 };
