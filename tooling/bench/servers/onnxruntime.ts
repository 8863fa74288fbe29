// onnxruntime-node on the same LSTMs as ours, from files that the bench writes.
import { readFileSync } from 'node:fs';
import { vectorBatch } from '../src/batches.ts';
import { writeStepModel } from '../src/onnx-models.ts';
import { loadOnnxRuntime } from '../src/onnxruntime.ts';
import { serve, type Work } from '../src/serve.ts';
import type { EncodedReviews } from '../src/serving-files.ts';
import type { Shape } from '../src/shapes.ts';

const { InferenceSession, Tensor, env } = loadOnnxRuntime();

/** One step at batch 1, the state carried from call to call. */
async function step({ inputs, units }: Pick<Shape, 'inputs' | 'units'>): Promise<Work> {
  const session = await InferenceSession.create(writeStepModel(inputs, units));
  const batch = vectorBatch({ batch: 1, steps: 1, inputs, units });
  const x = new Tensor('float32', batch.inputs.x as Float32Array, [1, 1, inputs]);
  const zero = (): InstanceType<typeof Tensor> => new Tensor('float32', new Float32Array(units), [1, 1, units]);
  let [h, c] = [zero(), zero()];
  return {
    run: async () => {
      const result = await session.run({ x, h, c });
      [h, c] = [result.hNext, result.cNext] as [typeof h, typeof c];
    },
  };
}

interface ReviewsGiven {
  readonly model: string;
  readonly reviews: string;
  readonly size: number;
}

/** The next `size` reviews at each call. */
async function network({ model, reviews, size }: ReviewsGiven): Promise<Work> {
  const session = await InferenceSession.create(model);
  const { batches } = JSON.parse(readFileSync(reviews, 'utf8')) as EncodedReviews;
  const feeds = (batches[size] ?? []).map(({ ids, time, lengths }) => ({
    ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [time, size]),
    lengths: new Tensor('int32', Int32Array.from(lengths), [size]),
  }));
  let call = 0;
  const first = await session.run(feeds[0] as (typeof feeds)[number]);
  return {
    run: () => session.run(feeds[call++ % feeds.length] as (typeof feeds)[number]),
    facts: { logits: Array.from(first.logits?.data ?? []) },
  };
}

async function load({ model }: { readonly model: string }): Promise<Work> {
  return {
    run: async () => {
      await (await InferenceSession.create(model)).release();
    },
  };
}

await serve(`onnxruntime-node ${env.versions.node}`, { step, 'run network': network, load });
