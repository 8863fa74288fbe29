// The language's own error: the line with a caret under what is wrong, what was found and what was expected.
import { UnrolledError } from '@unrolled/core';
import type { Span } from './ast.ts';

/** Code of an {@link EquationError}: `EQUATION_SYNTAX` from the parser, others from the passes after it. */
export type EquationErrorCode = `EQUATION_${string}`;

/** What an {@link EquationError} is made of. */
export interface EquationProblem {
  /** The whole text. */
  readonly text: string;
  /** The part that is wrong, in UTF-16 units; it may be empty, at the end for instance. */
  readonly span: Span;
  /** What is wrong, as a clause without a full stop: `the shapes of the two sides of + differ`. */
  readonly problem: string;
  /** What stands there. */
  readonly found: string;
  /** What would be right. */
  readonly expected: string;
  /** How to mend it, in one sentence. */
  readonly mend?: string | undefined;
  /** Whose equations they are: `cell "lstm"`. */
  readonly origin?: string | undefined;
}

/** A mistake in equations. Its message shows the line with a caret under the mistake. */
export class EquationError extends UnrolledError {
  /** Line of the mistake, from 1. */
  readonly line: number;
  /** Column of the mistake, from 1, in characters as a reader counts them (grapheme clusters). */
  readonly column: number;
  /** The part that is wrong, in UTF-16 units of the text. */
  readonly span: Span;
  /** What stands there. */
  readonly found: string;
  /** What would be right. */
  readonly expected: string;

  /** @param code - stable: `EQUATION_SYNTAX`, `EQUATION_SHAPE`, … */
  constructor(code: EquationErrorCode, given: EquationProblem) {
    const { text, span, problem, found, expected, mend, origin } = given;
    const place = locate(text, span.start);
    const where = `${origin === undefined ? 'Line' : `${origin}, line`} ${place.line}, column ${place.column}`;
    const message = `${where}: ${problem}.\n${excerpt(text, span)}\nFound: ${found}.\nExpected: ${expected}.`;
    super(code, message, {
      ...(mend === undefined ? {} : { mend: `\n${mend}`.trimStart() }),
      data: { line: place.line, column: place.column, start: span.start, end: span.end, found, expected },
    });
    this.name = 'EquationError';
    this.line = place.line;
    this.column = place.column;
    this.span = span;
    this.found = found;
    this.expected = expected;
  }
}

/**
 * Line and column, both from 1, of an offset in UTF-16 units. Columns count grapheme clusters; behind a long stretch of
 * line, code points.
 */
export function locate(text: string, offset: number): { readonly line: number; readonly column: number } {
  const { number, start } = lineAt(text, offset);
  return { line: number, column: countGraphemes(text.slice(start, offset)) + 1 };
}

/** How much of a long line is shown before and from the mistake, in UTF-16 units. */
const BEFORE = 100;
const AFTER = 60;
const lineEnd = /\r\n|[\n\r\u2028\u2029]/g;
const wide = /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;

/** The line's number (from 1) with its first and one past its last UTF-16 unit. */
function lineAt(text: string, offset: number): { number: number; start: number; end: number } {
  let number = 1;
  let start = 0;
  for (const { index, 0: ending } of text.matchAll(lineEnd)) {
    if (index + ending.length > offset) return { number, start, end: index };
    number += 1;
    start = index + ending.length;
  }
  return { number, start, end: text.length };
}

let segmenter: Intl.Segmenter | undefined;

/** Made for the first mistake, since that takes longer than most compilations. */
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Beyond this length Intl.Segmenter is slow: its time grows with the square. */
const LONG = 4000;

function countGraphemes(text: string): number {
  if (text.length > LONG) return Array.from(text).length;
  let count = 0;
  for (const _ of graphemes(text)) count += 1;
  return count;
}

/** The line of `span` and a line of carets under it. A long line is cut to the neighbourhood of the span. */
function excerpt(text: string, span: Span): string {
  const line = lineAt(text, span.start);
  const at = Math.min(span.start, line.end);
  const from = Math.max(line.start, at - BEFORE);
  const to = Math.min(line.end, at + AFTER);
  const before = `${from > line.start ? '…' : ''}${text.slice(from, at)}`;
  const marked = text.slice(at, Math.max(at, Math.min(span.end, to)));
  const rest = `${text.slice(at + marked.length, to)}${to < line.end ? '…' : ''}`;
  const gutter = String(line.number);
  const carets = '^'.repeat(Math.max(1, blank(marked).length));
  return `${gutter} | ${before}${marked}${rest}\n${' '.repeat(gutter.length)} | ${blank(before)}${carets}`;
}

/** White space as wide as `text` on a terminal; tabs stay tabs. */
function blank(text: string): string {
  let spaces = '';
  for (const { segment } of graphemes(text)) spaces += segment === '\t' ? '\t' : wide.test(segment) ? '  ' : ' ';
  return spaces;
}
