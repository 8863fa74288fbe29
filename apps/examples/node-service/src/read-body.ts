// Reads the body of a request no further than it may reach: whole, or line by line as it comes in.
import type { IncomingMessage } from 'node:http';
import { UnrolledError } from 'unrolled';
import { type Patience, within } from './within.ts';

const newline = 0x0a;

/** The body as text. @throws UnrolledError `BODY_TOO_LARGE`, `BODY_NOT_UTF8`, and what {@link within} throws */
export async function readBody(request: IncomingMessage, largest: number, patience: Patience): Promise<string> {
  // A client that tells the size is refused before it sends anything.
  checkSize(Number(request.headers['content-length'] ?? 0), largest, 'body');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request, patience)) {
    size += chunk.length;
    checkSize(size, largest, 'body');
    chunks.push(chunk);
  }
  return decode(chunks);
}

/**
 * The lines of the body, each as soon as it is there, without its end. Nothing further is read while the caller is busy with one:
 * this is what holds a fast client back.
 * @param largest - bytes of a line.
 * @throws UnrolledError `BODY_TOO_LARGE`, `BODY_NOT_UTF8`, and what {@link within} throws
 */
export async function* linesOf(
  request: IncomingMessage,
  largest: number,
  patience: Patience,
): AsyncGenerator<string, void, void> {
  let pending: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    checkSize(size, largest, 'line');
    pending.push(part);
  };
  const take = (): string => {
    const line = decode(pending);
    pending = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunksOf(request, patience)) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      yield take();
    }
    add(chunk.subarray(from));
  }
  if (size > 0) yield take();
}

/** Without closing the connection where the reading ends early, so that an answer still gets through. */
async function* chunksOf(request: IncomingMessage, patience: Patience): AsyncGenerator<Buffer, void, void> {
  const chunks = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const { value, done } = await within<IteratorResult<Buffer, unknown>>(chunks.next(), patience);
      if (done) return;
      yield value;
    }
  } finally {
    // Not awaited: it waits for a chunk that may never come.
    chunks.return?.().catch(() => undefined);
  }
}

function checkSize(size: number, largest: number, what: string): void {
  if (size <= largest) return;
  throw new UnrolledError('BODY_TOO_LARGE', `The ${what} has more than the ${largest} bytes allowed.`);
}

function decode(chunks: readonly Buffer[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new UnrolledError('BODY_NOT_UTF8', 'The body is not text in UTF-8.', { cause });
  }
}
