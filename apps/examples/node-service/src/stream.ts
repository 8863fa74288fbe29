// POST /stream: a text line by line in, after each line the prediction of all so far out, as JSON lines.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type ModelStream, UnrolledError } from 'unrolled';
import { refusalOf } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { checkTokens } from './predict.ts';
import { linesOf } from './read-body.ts';
import type { Call } from './routes.ts';
import type { ServedModel } from './served-model.ts';
import { type Patience, within } from './within.ts';

/** The route's side of one model. */
export interface StreamRoute {
  /** Answers until the client has said all or is gone. */
  readonly answer: (call: Call) => Promise<undefined>;
  /** Streams that are open. */
  readonly open: () => number;
}

/** Answers with `served`. */
export function createStreamRoute(served: ServedModel, limits: Limits, metrics: Metrics): StreamRoute {
  let open = 0;
  const answer = async (call: Call): Promise<undefined> => {
    if (open >= limits.streams)
      throw new UnrolledError('STREAMS_FULL', `${open} streams are open already, and no more may be.`);
    open += 1;
    try {
      await followText(served, limits, metrics, call);
    } finally {
      open -= 1;
    }
  };
  return { answer, open: () => open };
}

/** All that the network knows of the text so far is `stream`: of this call, a few numbers, gone when the client is. */
async function followText(served: ServedModel, limits: Limits, metrics: Metrics, call: Call): Promise<void> {
  const { request, response, signal } = call;
  const patience: Patience = { silenceMs: limits.silenceMs, signal };
  response.setHeader('content-type', 'application/x-ndjson');
  let stream: ModelStream | undefined;
  try {
    for await (const line of linesOf(request, limits.bodyBytes, patience)) {
      const begun = performance.now();
      await checkTokens(served, line, limits.tokens);
      const { stream: next, ...prediction } = await served.model.step(line, stream);
      stream = next;
      metrics.lines.observe((performance.now() - begun) / 1000);
      await write(response, { ...prediction, tokens: next.state.steps[0] }, patience);
    }
    response.end();
  } catch (error) {
    // The status is sent with the first line; from then on an error can only be the last line.
    if (!response.headersSent || signal.reason === 'gone') throw error;
    response.end(`${JSON.stringify(refusalOf(error).body)}\n`);
  }
}

/** Waits where the client reads more slowly than it writes, so that answers don't pile up here. */
async function write(response: ServerResponse, value: unknown, patience: Patience): Promise<void> {
  if (!response.write(`${JSON.stringify(value)}\n`)) await within(once(response, 'drain'), patience);
}
