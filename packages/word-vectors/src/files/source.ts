// Where bytes come from: an array, an iterable of pieces, or a web stream; gzip is undone.
import { UnrolledError } from '@unrolled/core';

/** Bytes, whole or in pieces: an array, a file's stream, `response.body`. Compressed by gzip or not. */
export type ByteSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** Largest piece that is passed on at once. */
const PIECE = 1 << 20;

/** The bytes of `source` in pieces of at most 1 MiB. @throws UnrolledError `SOURCE_INVALID` for pieces that are not bytes */
export async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array, void, void> {
  for await (const piece of iterate(source)) {
    if (!(piece instanceof Uint8Array))
      throw new UnrolledError('SOURCE_INVALID', `Bytes were expected, but a piece of type ${typeof piece} was given.`, {
        mend: 'Give Uint8Arrays; a stream must not have an encoding.',
      });
    for (let from = 0; from < piece.length; from += PIECE) yield piece.subarray(from, from + PIECE);
  }
}

function iterate(source: ByteSource): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (source instanceof Uint8Array) return [source];
  if (Symbol.iterator in source || Symbol.asyncIterator in source) return source;
  return readAll(source as ReadableStream<Uint8Array>);
}

/** A web stream in engines that can't iterate over one. */
async function* readAll(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

/** `pieces` decompressed where they begin as gzip does. @throws UnrolledError `VECTOR_FILE_INVALID` */
export async function* decompressed(
  pieces: AsyncGenerator<Uint8Array, void, void>,
  name: string,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    let head = new Uint8Array(0);
    let next = await pieces.next();
    for (; !next.done && head.length < 2; next = await pieces.next()) head = joined(head, next.value);
    const rest = next.done ? [] : [next.value];
    const whole = chain([head, ...rest], pieces);
    yield* head[0] === 0x1f && head[1] === 0x8b ? gunzip(whole, name) : whole;
  } finally {
    await pieces.return();
  }
}

async function* chain(
  first: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  yield* first;
  yield* rest;
}

async function* gunzip(
  pieces: AsyncGenerator<Uint8Array, void, void>,
  name: string,
): AsyncGenerator<Uint8Array, void, void> {
  let failure: unknown;
  const compressed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      } catch (error) {
        failure = error;
        controller.error(error);
      }
    },
  });
  try {
    yield* readAll(compressed.pipeThrough(new DecompressionStream('gzip')));
  } catch (cause) {
    if (failure !== undefined) throw failure;
    throw new UnrolledError('VECTOR_FILE_INVALID', `${name} can't be decompressed: ${String(cause)}.`, {
      mend: 'Copy it again from where it was made.',
      cause,
    });
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
