// The service: an HTTP server that listens at once, answers when it has a model, and stops without losing what it has begun.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UnrolledError } from 'unrolled';
import { refusalOf, stopping } from './errors.ts';
import type { Limits } from './limits.ts';
import { createMetrics } from './metrics.ts';
import { createPredictRoute, type PredictRoute } from './predict.ts';
import { type Call, findRoute, json, pathOf, type Reply, type Route } from './routes.ts';
import type { ServedModel } from './served-model.ts';
import { createStreamRoute, type StreamRoute } from './stream.ts';

/** A service over one model. */
export interface Service {
  /** Listens; until `open` it answers that it is starting. Gives the port. @throws what the system says, `EADDRINUSE` */
  readonly listen: (port: number, host: string) => Promise<number>;
  /** Answers with this model from now on; `stop` disposes of it. */
  readonly open: (served: ServedModel) => void;
  /** Takes nothing new, ends what has begun (within `stopMs`), closes every connection and disposes of the model. */
  readonly stop: () => Promise<void>;
}

interface Opened {
  readonly served: ServedModel;
  readonly predict: PredictRoute;
  readonly stream: StreamRoute;
}

/** Milliseconds that a client has to take in an answer that comes before it has said all, and last words at a stop. */
const lingerMs = 1000;
/** Seconds after which a client that was turned away may ask again. */
const retrySeconds = 1;

/** A service that does not listen yet. */
export function createService(limits: Limits): Service {
  const metrics = createMetrics();
  const underWay = new Map<Promise<void>, AbortController>();
  let opened: Opened | undefined;
  let stopped: Promise<void> | undefined;

  const present = (): Opened => {
    if (stopped) throw stopping();
    if (opened) return opened;
    throw new UnrolledError('STARTING', 'The service is starting.', { mend: 'Ask again in a moment.' });
  };
  const metricsText = (): string =>
    metrics.text({ queue: opened?.predict.batches.waiting() ?? 0, streams: opened?.stream.open() ?? 0 });
  const routes = new Map<string, Route>([
    ['/predict', { method: 'POST', answer: async (call) => json(200, await present().predict.answer(call)) }],
    ['/stream', { method: 'POST', answer: async (call) => present().stream.answer(call) }],
    ['/healthz', { method: 'GET', answer: async () => json(200, { status: present() && 'ready' }) }],
    [
      '/metrics',
      { method: 'GET', answer: async () => ({ status: 200, type: 'text/plain; charset=utf-8', body: metricsText() }) },
    ],
  ]);

  const answer = async (call: Call): Promise<void> => {
    try {
      const reply = await findRoute(routes, call).answer(call);
      if (reply) send(call, reply);
    } catch (error) {
      if (call.signal.reason === 'gone') return;
      const { status, body } = refusalOf(error);
      if (status === 503) call.response.setHeader('retry-after', retrySeconds);
      send(call, json(status, body));
    }
  };
  const send = ({ response }: Call, { status, type, body }: Reply): void => {
    // A client that would ask again on this connection is told that it can't.
    if (stopped) response.setHeader('connection', 'close');
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const controller = new AbortController();
    const closed = new Promise<void>((resolve) => {
      response.once('close', () => {
        controller.abort('gone');
        const route = routes.has(pathOf(request)) ? pathOf(request) : 'other';
        metrics.answered(route, response.writableFinished ? response.statusCode : 'gone');
        resolve();
      });
    });
    const work = Promise.all([answer({ request, response, signal: controller.signal }), closed]).then(() => {
      underWay.delete(work);
    });
    underWay.set(work, controller);
    response.once('finish', () => letGo(request));
  };

  // Times are kept by read-body.ts, since a stream may last as long as its client speaks; requestTimeout would end it.
  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000 }, handle);

  const end = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    const deadline = setTimeout(() => {
      for (const controller of underWay.values()) controller.abort(stopping());
      setTimeout(() => server.closeAllConnections(), lingerMs).unref();
    }, limits.stopMs);
    const computed = opened?.predict.batches.close();
    while (underWay.size > 0) await Promise.all(underWay.keys());
    clearTimeout(deadline);
    server.closeAllConnections();
    await Promise.all([closed, computed]);
    opened?.served.model.dispose();
  };
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
      }),
    open: (served) => {
      if (stopped) return served.model.dispose();
      opened = {
        served,
        predict: createPredictRoute(served, limits, metrics),
        stream: createStreamRoute(served, limits, metrics),
      };
    },
    stop: () => {
      stopped ??= end();
      return stopped;
    },
  };
}

/** Reads and forgets what a refused client is still sending, so that it gets to reading its answer; then hangs up. */
function letGo(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), lingerMs);
  request.once('close', () => clearTimeout(timer));
}
