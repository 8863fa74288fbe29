// Spans of tokens in the unit that another program counts in: code points (Python), bytes (Rust, Go), what a reader sees.
import type { Token } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { describe } from '../options.ts';

/**
 * What a span counts: UTF-16 units (JavaScript, Java), Unicode code points (Python), UTF-8 bytes (Rust, Go), or the pieces that
 * a function splits a text into, such as grapheme clusters; joined they must be the text.
 */
export type SpanUnit = 'utf-16' | 'code-point' | 'utf-8' | ((text: string) => Iterable<string>);

/**
 * The tokens with spans in `unit` in place of UTF-16 units, in their order; the text is gone through once. A span that begins or
 * ends inside a unit is widened to hold it. A lone surrogate counts as one code point and, as U+FFFD in its place would, 3 bytes.
 *
 * @param text - the text that was tokenised.
 * @throws UnrolledError `OPTION_INVALID` for another unit, `SPAN_OUTSIDE` for a span that is not one of this text
 */
export function spansIn<T extends Pick<Token, 'start' | 'end'>>(
  text: string,
  tokens: readonly T[],
  unit: SpanUnit,
): T[] {
  const places = placesOf(text, tokens);
  const { before, after } = countUpTo(places, text, unit);
  return tokens.map((token) => ({
    ...token,
    start: before[find(places, token.start)] as number,
    end: after[find(places, token.end)] as number,
  }));
}

/** Every place where a token starts or ends, ascending, each once. */
function placesOf(text: string, tokens: readonly Pick<Token, 'start' | 'end'>[]): Float64Array {
  const all = new Float64Array(2 * tokens.length);
  tokens.forEach(({ start, end }, index) => {
    if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= text.length))
      throw new UnrolledError(
        'SPAN_OUTSIDE',
        `Token ${index} has the span ${start}–${end}, but the text has ${text.length} UTF-16 units.`,
        { mend: 'Give the text that was tokenised, and the spans as the tokenizer gave them.' },
      );
    all[2 * index] = start;
    all[2 * index + 1] = end;
  });
  return all.sort().filter((place, index, sorted) => place !== sorted[index - 1]);
}

function find(sorted: Float64Array, place: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** For each place, the count at the last border of a unit up to it, and at the first from it on. */
function countUpTo(places: Float64Array, text: string, unit: SpanUnit): { before: Float64Array; after: Float64Array } {
  const before = new Float64Array(places.length);
  const after = new Float64Array(places.length);
  const border = { place: 0, count: 0 };
  const step = stepper(text, unit);
  let previous = 0;
  places.forEach((place, index) => {
    while (border.place < place) {
      previous = border.count;
      step(border);
    }
    before[index] = border.place === place ? border.count : previous;
    after[index] = border.count;
  });
  return { before, after };
}

interface Border {
  place: number;
  count: number;
}

/** Moves a border behind the next unit. */
function stepper(text: string, unit: SpanUnit): (border: Border) => void {
  if (typeof unit === 'function') return pieceStepper(text, unit);
  if (unit !== 'utf-16' && unit !== 'code-point' && unit !== 'utf-8')
    throw new UnrolledError(
      'OPTION_INVALID',
      `The unit of spans must be utf-16, code-point, utf-8 or a function that splits a text, but ${describe(unit)} was given.`,
      { mend: "Say for example 'code-point', as Python counts." },
    );
  return (border) => {
    const codePoint = unit === 'utf-16' ? 0 : (text.codePointAt(border.place) as number);
    border.place += codePoint > 0xffff ? 2 : 1;
    border.count += unit === 'utf-8' ? bytesOf(codePoint) : 1;
  };
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

function pieceStepper(text: string, split: (text: string) => Iterable<string>): (border: Border) => void {
  const pieces = split(text)[Symbol.iterator]();
  return (border) => {
    const { done, value } = pieces.next();
    if (done)
      throw new UnrolledError(
        'OPTION_INVALID',
        `The function that splits a text must give all of it, but its pieces end at ${border.place} of ${text.length}.`,
        { mend: 'Give a function whose pieces, joined, are the text.' },
      );
    border.place += value.length;
    border.count += 1;
  };
}
