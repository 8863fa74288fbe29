// Decoded text → what every reader starts from: one kind of line end, and a look at the beginning.

/** How much of a file is looked at before it is read, in characters. */
const SAMPLE = 65_536;

/** What is looked at: the first {@link SAMPLE} characters, or until `enough` says so; and the whole text from its start. */
export async function peek(
  text: AsyncIterable<string>,
  enough: (sample: string) => boolean = () => false,
): Promise<{ readonly sample: string; readonly whole: boolean; readonly text: AsyncIterable<string> }> {
  const iterator = text[Symbol.asyncIterator]();
  let sample = '';
  let done = false;
  while (!done && sample.length < SAMPLE && !enough(sample)) {
    const next = await iterator.next();
    done = next.done === true;
    if (!next.done) sample += next.value;
  }
  async function* rest(): AsyncGenerator<string, void, void> {
    try {
      if (sample) yield sample;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { sample, whole: done, text: rest() };
}

/**
 * Line ends as `\n`: CRLF always; a bare CR only where the text begins with lines that end so (old Mac exports), since
 * elsewhere it belongs to a field.
 */
export async function* unifyLineEnds(text: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  let held = '';
  let bare: boolean | undefined;
  for await (const chunk of text) {
    let piece = held + chunk;
    held = piece.endsWith('\r') ? '\r' : '';
    if (held) piece = piece.slice(0, -1);
    if (bare === undefined && (piece.includes('\n') || piece.length >= SAMPLE)) bare = !piece.includes('\n');
    if (bare === undefined && piece.includes('\r')) {
      held = piece + held; // too early to tell
      continue;
    }
    yield piece.replace(bare ? /\r\n?/g : /\r\n/g, '\n');
  }
  if (held) yield held.replace(bare === false ? /\r\n/g : /\r\n?/g, '\n');
}

/** A text in one piece. */
export async function whole(text: AsyncIterable<string>): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of text) pieces.push(piece);
  return pieces.join('');
}

/** Lines of a text without their ends; the number counts from 1. A last line without an end counts, an empty one doesn't. */
export async function* lines(
  text: AsyncIterable<string>,
): AsyncGenerator<{ readonly line: string; readonly number: number }, void, void> {
  let held = '';
  let number = 0;
  for await (const chunk of text) {
    const pieces = (held + chunk).split('\n');
    held = pieces.pop() as string;
    for (const line of pieces) yield { line, number: ++number };
  }
  if (held) yield { line: held, number: ++number };
}
