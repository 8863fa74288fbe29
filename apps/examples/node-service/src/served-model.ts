// The model that a service answers with: loaded once, then run a few times so that no caller pays for the first runs.
import { isUnrolledError, type Model } from 'unrolled';
import { registry } from './pieces.ts';

/** A model ready to answer. */
export interface ServedModel {
  /** The model. */
  readonly model: Model;
  /** Tokens of a text as the model's own tokenizer splits it. */
  readonly countTokens: (text: string) => Promise<number>;
}

/** Runs over which a backend compiles and the engine optimises what a prediction needs. */
const warmUps = 10;
const warmUpText = 'Neither the best nor the worst film of the year, but one of its longest.';

/**
 * Loads the model in `folder` and warms it up for batches of 1 and of `largestBatch`.
 * @throws UnrolledError `MODEL_NOT_FOUND`, `MODEL_CORRUPT`, `PLUGIN_MISSING`
 */
export async function loadServedModel(folder: string, backend: string, largestBatch: number): Promise<ServedModel> {
  const model = await registry.load(folder, { backend });
  try {
    await warmUp(model, largestBatch);
    const { batch } = await model.anatomy();
    const countTokens = async (text: string): Promise<number> =>
      text.trim() === '' ? 0 : ((await batch(text)).lengths[0] as number);
    return { model, countTokens };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function warmUp(model: Model, largestBatch: number): Promise<void> {
  const texts = Array.from({ length: largestBatch }, () => warmUpText);
  for (let run = 0; run < warmUps; run += 1) {
    await model.predict(warmUpText);
    await model.predict(texts, { batchSize: largestBatch });
    await stepIfItStreams(model);
  }
}

/** A model that needs whole texts can be served all the same; its callers of /stream are told so. */
async function stepIfItStreams(model: Model): Promise<void> {
  try {
    await model.step(warmUpText);
  } catch (error) {
    if (!isUnrolledError(error, 'NETWORK_DOES_NOT_STREAM') && !isUnrolledError(error, 'TOKENIZER_NOT_PIECEWISE'))
      throw error;
  }
}
