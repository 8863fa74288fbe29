// The requests under way: each has a signal of its own, and all can be waited for or told to end.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call } from './routes.ts';

/** What is under way. */
export interface UnderWay {
  /** Answers a request and resolves when its client has the answer or is gone. */
  readonly follow: (
    request: IncomingMessage,
    response: ServerResponse,
    answer: (call: Call) => Promise<void>,
  ) => Promise<void>;
  /** Aborts every call's signal. */
  readonly abort: (reason: unknown) => void;
  /** Resolves when nothing is under way. */
  readonly ended: () => Promise<void>;
}

/** Milliseconds that a client which was refused may still send what nobody reads. */
const lingerMs = 1000;

/** Nothing yet. */
export function createUnderWay(): UnderWay {
  const calls = new Map<Promise<void>, AbortController>();
  return {
    follow: (request, response, answer) => {
      const controller = new AbortController();
      const closed = closeOf(request, response).then(() => controller.abort('gone'));
      response.once('finish', () => letGo(request));
      const answered = answer({ request, response, signal: controller.signal });
      const whole = Promise.all([answered, closed]).then(() => {
        calls.delete(whole);
      });
      calls.set(whole, controller);
      return whole;
    },
    abort: (reason) => {
      for (const controller of calls.values()) controller.abort(reason);
    },
    ended: async () => {
      while (calls.size > 0) await Promise.all(calls.keys());
    },
  };
}

/**
 * Resolves when the response is through or its connection is closed: of requests sent one after another without waiting for
 * answers, Node closes only the first one's response with the connection.
 */
function closeOf({ socket }: IncomingMessage, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const close = (): void => {
      socket.off('close', close);
      response.off('close', close);
      resolve();
    };
    socket.once('close', close);
    response.once('close', close);
  });
}

/** Reads and forgets what a refused client is still sending, so that it gets to reading its answer; then hangs up. */
function letGo(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), lingerMs);
  request.once('close', () => clearTimeout(timer));
}
