// The service: an HTTP server that listens at once, answers when it has a model, and stops without losing what it has begun.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UnrolledError } from 'unrolled';
import { refusalOf, stopping } from './errors.ts';
import type { Limits } from './limits.ts';
import { createMetrics } from './metrics.ts';
import { createPredictRoute, type PredictRoute } from './predict.ts';
import { type Call, findRoute, json, pathOf, type Reply, type Route, text } from './routes.ts';
import type { ServedModel } from './served-model.ts';
import { createStreamRoute, type StreamRoute } from './stream.ts';
import { createUnderWay, type UnderWay } from './under-way.ts';

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

/** Milliseconds that clients have for the last words of a stop. */
const lastWordsMs = 1000;
/** Seconds after which a client that was turned away may ask again. */
const retrySeconds = 1;

/** A service that does not listen yet. */
export function createService(limits: Limits): Service {
  const metrics = createMetrics();
  const underWay = createUnderWay();
  let opened: Opened | undefined;
  let stopped: Promise<void> | undefined;

  /** What answers; asked when a request begins, so that one that began before a stop is not turned away by it. */
  const present = (): Opened => {
    if (stopped) throw stopping();
    if (opened) return opened;
    throw new UnrolledError('STARTING', 'The service is starting.', { mend: 'Ask again in a moment.' });
  };
  const gauges = () => ({ queue: opened?.predict.batches.waiting() ?? 0, streams: opened?.stream.open() ?? 0 });
  const routes = new Map<string, Route>([
    ['/predict', { method: 'POST', answer: async (call) => json(200, await present().predict.answer(call)) }],
    ['/stream', { method: 'POST', answer: async (call) => present().stream.answer(call) }],
    ['/healthz', { method: 'GET', answer: async () => json(200, { status: present() && 'ready' }) }],
    ['/metrics', { method: 'GET', answer: async () => text(200, metrics.text(gauges())) }],
  ]);
  const send = ({ response }: Call, { status, type, body }: Reply): void => {
    // A client that would ask again on this connection is told that it can't.
    if (stopped) response.setHeader('connection', 'close');
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
  };
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

  // Times are kept by read-body.ts, since a stream may last as long as its client speaks; requestTimeout would end it.
  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000 }, async (request, response) => {
    await underWay.follow(request, response, answer);
    const path = pathOf(request);
    metrics.answered(routes.has(path) ? path : 'other', response.writableFinished ? response.statusCode : 'gone');
  });
  // Requests that come one after another on a connection, without waiting for answers, each listen to its end.
  server.on('connection', (socket) => socket.setMaxListeners(0));
  const end = async (): Promise<void> => {
    opened?.predict.batches.hurry();
    await endServer(server, underWay, limits.stopMs);
    await opened?.predict.batches.hurry(); // a batch whose callers have all left
    opened?.served.model.dispose();
  };
  return {
    listen: (port, host) => listen(server, port, host),
    open: (served) => {
      if (stopped) return served.model.dispose();
      const predict = createPredictRoute(served, limits, metrics);
      opened = { served, predict, stream: createStreamRoute(served, limits, metrics) };
    },
    stop: () => {
      stopped ??= end();
      return stopped;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Takes no connections, waits for what is under way, tells it to end when the time is over, and closes all connections. */
async function endServer(server: Server, underWay: UnderWay, milliseconds: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const deadline = setTimeout(() => {
    underWay.abort(stopping());
    setTimeout(() => server.closeAllConnections(), lastWordsMs).unref();
  }, milliseconds);
  await underWay.ended();
  clearTimeout(deadline);
  server.closeAllConnections();
  await closed;
}
