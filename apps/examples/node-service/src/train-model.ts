// Trains a small model of reviews that can be streamed: one forward LSTM, pooled by the mean of its hidden states.
import { createPipeline, type Example, type Pipeline, type Progress } from 'unrolled';
import { registry } from './pieces.ts';

/** How large the model is and how long it learns. */
export interface TrainSettings {
  /** Times that it sees every example. */
  readonly epochs: number;
  /** Hidden units. */
  readonly units: number;
  /** Numbers that a word becomes. */
  readonly embedding: number;
  /** Name of the backend that computes. */
  readonly backend: string;
  /** Called after every batch. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A pipeline that has learned `examples`; its labels are theirs. */
export async function trainModel(examples: readonly Example[], settings: TrainSettings): Promise<Pipeline> {
  const { epochs, units, embedding, backend, onProgress } = settings;
  // As plain data, since the backend's name comes from outside; registry.pipeline would check a written one by its type.
  const pipeline = createPipeline(
    registry.resolve({
      input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: embedding } } },
      layers: [{ use: 'lstm', with: { units }, dropout: { input: 0.3 } }],
      task: { use: 'many-to-one', with: { pool: 'mean', dropout: 0.3 } },
      optimizer: { use: 'adam', with: { learningRate: 0.003 }, clip: { norm: 1 } },
      trainer: { use: 'bptt' },
      backend: { use: backend },
    }),
  );
  for await (const progress of pipeline.fit(examples, { epochs, batchSize: 32, seed: 1 })) onProgress?.(progress);
  return pipeline;
}
