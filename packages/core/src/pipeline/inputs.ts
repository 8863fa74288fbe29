// One raw input as its vectorizer reads it: a text's tokens or rows of numbers; what can't be read is refused with its place.
import type { Example, ImageSize, Learns, NumberRow, TokenizerInstance } from '../contracts/plugins.ts';
import { counted } from '../counted.ts';
import { isUnrolledError, UnrolledError } from '../errors.ts';
import { describe } from '../options.ts';

/** Tokens, or a row of numbers for each step. */
export type RawSequence = readonly string[] | readonly (readonly number[])[];

/** What a raw input can be: a text, or an example that holds one or holds numbers. */
export type RawInput = string | Example;

/** Where an input stands, for messages: its own origin, or its number from 1. */
export function placeOf(input: unknown, index: number): string {
  const origin = typeof input === 'object' && input !== null ? (input as Example).origin : undefined;
  return typeof origin === 'string' ? origin : `Example ${index + 1}`;
}

/** Names the place in what a vectorizer refuses: it knows the steps of an example, but not where the example stands. */
export function atPlace<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isUnrolledError(error, 'EXAMPLE_INVALID')) throw error;
    const { code, message, mend, data } = error;
    const said = mend === undefined ? message : message.slice(0, -mend.length - 1);
    throw new UnrolledError(code, `${place}: ${said}`, { ...(mend !== undefined && { mend }), data, cause: error });
  }
}

/** Whether there is nothing in it: an empty or all-whitespace text, or no steps. */
export function isEmptyInput(input: RawInput): boolean {
  if (typeof input === 'string') return input.trim() === '';
  if (typeof input?.text === 'string') return input.text.trim() === '';
  if (Array.isArray(input?.tokens)) return input.tokens.length === 0;
  return Array.isArray(input?.values) && input.values.length === 0;
}

/**
 * Reads one input. Where labels of steps are learned, the tokens that an example brings are taken as they stand.
 * @param tokenizer - undefined where the vectorizer reads numbers.
 * @throws UnrolledError `EXAMPLE_INVALID`, `EXAMPLE_EMPTY`
 */
export function readInput(
  input: RawInput,
  place: string,
  tokenizer: TokenizerInstance | undefined,
  learns: Learns = 'label',
): RawSequence {
  if (isEmptyInput(input)) throw empty(input, place);
  if (!tokenizer) return rowsOf(input, place);
  const own = learns === 'labels' && typeof input === 'object' ? input.tokens : undefined;
  if (own !== undefined) return tokensOf(own, place);
  const text = typeof input === 'string' ? input : input?.text;
  if (typeof text !== 'string')
    throw new UnrolledError('EXAMPLE_INVALID', `${place} has no text: ${describe(text ?? input)} was given.`, {
      mend: 'Give a text, or an example such as { text: "…", label: "…" }.',
    });
  return tokenizer.tokenize(text).map((token) => token.text);
}

function tokensOf(tokens: unknown, place: string): readonly string[] {
  if (Array.isArray(tokens) && tokens.every((token) => typeof token === 'string')) return tokens;
  throw new UnrolledError('EXAMPLE_INVALID', `${place} has tokens that are no texts: ${describe(tokens)} was given.`, {
    mend: 'Give for example { tokens: ["The", "cat"], labels: ["DET", "NOUN"] }.',
  });
}

function rowsOf(input: RawInput, place: string): readonly (readonly number[])[] {
  const values = typeof input === 'string' ? undefined : input?.values;
  if (!Array.isArray(values))
    throw new UnrolledError('EXAMPLE_INVALID', `${place} has no values: ${describe(values ?? input)} was given.`, {
      mend: 'Give an example such as { values: [[0.1, 0.2], [0.3, 0.4]] }, a row of numbers for each step.',
    });
  const rows = plainRows(values);
  for (const [step, row] of rows.entries()) {
    const fault = rowFault(row, rows[0]?.length as number);
    if (fault)
      throw new UnrolledError('EXAMPLE_INVALID', `${place}, step ${step + 1}: ${fault}.`, {
        mend: 'Give a row of as many finite numbers for each step.',
      });
  }
  const image = typeof input === 'string' ? undefined : input.image;
  if (image !== undefined) checkImage(image, rows, place);
  return rows;
}

/** Rows as plain arrays, whatever arrays of numbers they are. */
export function plainRows(rows: readonly NumberRow[]): readonly (readonly number[])[] {
  return rows.map((row) => (ArrayBuffer.isView(row) ? Array.from(row) : row));
}

/** The rows of a picture that says its size must be all of it. */
function checkImage({ width, height, channels }: ImageSize, rows: readonly (readonly number[])[], place: string): void {
  const across = rows[0]?.length ?? 0;
  if (rows.length === height && across === width * channels) return;
  const size = `${width} × ${height} pixels of ${counted(channels, 'number')}`;
  const found = `${counted(rows.length, 'row')} of ${across}`;
  throw new UnrolledError(
    'EXAMPLE_INVALID',
    `${place} is said to be a picture of ${size}, which are ${counted(height, 'row')} of ${width * channels}, but its values are ${found}.`,
    { mend: 'Give all rows of the picture from the top, the numbers of a pixel side by side, or correct "image".' },
  );
}

function rowFault(row: unknown, size: number): string | undefined {
  if (!Array.isArray(row)) return `a row of numbers was expected, but ${describe(row)} was given`;
  if (row.length !== size) return `the row has ${counted(row.length, 'number')}, but the first step has ${size}`;
  const bad = row.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value));
  return bad < 0 ? undefined : `number ${bad + 1} of the row is ${describe(row[bad])}`;
}

function empty(input: RawInput, place: string): UnrolledError {
  const isText = typeof input === 'string' || typeof input.text === 'string';
  const what = isText ? 'has an empty or all-whitespace text' : 'has no steps';
  return new UnrolledError('EXAMPLE_EMPTY', `${place} ${what}.`, {
    mend: "Fill it in or leave it out; fit and evaluate leave such examples out and count them with emptyText: 'skip'.",
  });
}
