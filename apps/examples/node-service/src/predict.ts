// POST /predict: one text in, its prediction out; texts that arrive together go through the network together.
import { counted, type Prediction, UnrolledError } from 'unrolled';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { createMicroBatches, type MicroBatches } from './micro-batches.ts';
import { readBody } from './read-body.ts';
import type { Call } from './routes.ts';
import type { ServedModel } from './served-model.ts';

/** The route's side of one model. */
export interface PredictRoute {
  /** The prediction that a request asks for. */
  readonly answer: (call: Call) => Promise<Prediction>;
  /** Texts that wait. */
  readonly batches: MicroBatches<string, Prediction>;
}

/** Answers with `served`. */
export function createPredictRoute(served: ServedModel, limits: Limits, metrics: Metrics): PredictRoute {
  const batches = createMicroBatches<string, Prediction>(
    async (texts) => {
      metrics.batches.observe(texts.length);
      return served.model.predict(texts, { batchSize: limits.batch });
    },
    { largestBatch: limits.batch, longestWait: limits.waitMs, longestQueue: limits.queue },
  );
  return {
    answer: async ({ request, signal }) => {
      const { silenceMs, bodyBytes } = limits;
      const text = textOf(await readBody(request, bodyBytes, { silenceMs, signal }));
      const begun = performance.now();
      // What is wrong with one text is found before it joins a batch.
      await checkTokens(served, text, limits.tokens);
      const prediction = await batches.submit(text, signal);
      metrics.predictions.observe((performance.now() - begun) / 1000);
      return prediction;
    },
    batches,
  };
}

/** Refuses rather than cuts: a prediction of half a text looks like one of the whole. @throws UnrolledError `TEXT_TOO_LONG` */
export async function checkTokens(served: ServedModel, text: string, most: number): Promise<void> {
  const tokens = await served.countTokens(text);
  if (tokens <= most) return;
  throw new UnrolledError('TEXT_TOO_LONG', `The text has ${counted(tokens, 'token')}, and ${most} are allowed.`, {
    mend: 'Send parts of it, or send it to /stream line by line.',
  });
}

function textOf(body: string): string {
  const { text } = Object(parse(body)) as { readonly text?: unknown };
  const mend = 'Send {"text": "an instant classic"}.';
  if (typeof text !== 'string') throw new UnrolledError('TEXT_MISSING', 'The body has no text.', { mend });
  if (text.trim() === '') throw new UnrolledError('TEXT_EMPTY', 'The text is empty.', { mend });
  return text;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new UnrolledError('BODY_NOT_JSON', `The body is not JSON: ${(cause as Error).message}.`, { cause });
  }
}
