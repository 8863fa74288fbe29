// Which path and method is answered by what.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { UnrolledError } from 'unrolled';

/** One request under way. */
export interface Call {
  /** What the client sends. */
  readonly request: IncomingMessage;
  /** What it gets. */
  readonly response: ServerResponse;
  /** Aborted when the client is gone (the reason is `gone`) or when the service can wait no longer (an error to answer with). */
  readonly signal: AbortSignal;
}

/** An answer that is sent as a whole. */
export interface Reply {
  /** HTTP status. */
  readonly status: number;
  /** Media type. */
  readonly type: 'application/json' | 'text/plain; charset=utf-8';
  /** What is sent. */
  readonly body: string;
}

/** What answers one path. */
export interface Route {
  /** The method that it takes. */
  readonly method: 'GET' | 'POST';
  /** Gives the answer; undefined where it has written one itself. Throws what the client is told. */
  readonly answer: (call: Call) => Promise<Reply | undefined>;
}

/** `value` as an answer. */
export function json(status: number, value: unknown): Reply {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

/** `body` as an answer. */
export function text(status: number, body: string): Reply {
  return { status, type: 'text/plain; charset=utf-8', body };
}

/** The path of a request without its query. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] as string;
}

/** The route that a request asks for. @throws UnrolledError `ROUTE_UNKNOWN`, `METHOD_WRONG` */
export function findRoute(routes: ReadonlyMap<string, Route>, { request, response }: Call): Route {
  const path = pathOf(request);
  const route = routes.get(path);
  if (!route)
    throw new UnrolledError('ROUTE_UNKNOWN', `There is no ${path}.`, {
      mend: `There is ${[...routes.keys()].join(', ')}.`,
    });
  if (request.method === route.method) return route;
  response.setHeader('allow', route.method);
  throw new UnrolledError('METHOD_WRONG', `${path} is asked with ${route.method}, not ${request.method}.`);
}
