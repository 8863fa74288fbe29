// Cuts text into tokens, one at a time, so that the first mistake in the text is the first one reported.
import type { Span } from './ast.ts';
import { EquationError } from './error.ts';
import { operatorSpellings } from './operators.ts';

/** A token. Names are in Unicode normal form C; operators in the tree's spelling. */
export interface Token {
  readonly kind: 'name' | 'number' | 'symbol' | 'newline' | 'end';
  readonly text: string;
  readonly span: Span;
}

/** Longest name, in UTF-16 units. */
const LONGEST_NAME = 200;

const ending = /[\n\r\u2028\u2029]/;
const blank = /[\t\v\f\ufeff\p{Zs}]/u;
const nameStart = /[_\p{L}]/u;
/** Letters, combining marks (behind a letter), digits, subscript digits and primes. */
const nameRest = /[_\p{L}\p{M}0-9₀-₉′″‴]/u;
const mark = /\p{M}/u;
const markable = /[\p{L}\p{M}]/u;
/** A letter to Unicode, an operator here. */
const TRANSPOSE = 'ᵀ';
const number = /(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;

const symbols: Readonly<Record<string, string>> = {
  ...operatorSpellings,
  ...Object.fromEntries([...'()[],;:='].map((symbol) => [symbol, symbol])),
  [TRANSPOSE]: TRANSPOSE,
  '⊤': TRANSPOSE,
};

/** What to write instead of characters that people try. */
const hints: Readonly<Record<string, string>> = {
  "'": 'Primes are written `′` (U+2032), the transpose `ᵀ` or `transpose(W)`.',
  '’': 'Primes are written `′` (U+2032), the transpose `ᵀ` or `transpose(W)`.',
  '×': 'The elementwise product is written `*`, a matrix product `@`.',
  '∗': 'The elementwise product is written `*`.',
  '•': 'The dot product is written `·` or `dot(a, b)`.',
  '∙': 'The dot product is written `·` or `dot(a, b)`.',
  '–': 'Minus is written `-`.',
  '—': 'Minus is written `-`.',
  '²': 'A power is written `a^2`.',
  '³': 'A power is written a^3.',
  '√': 'A square root is written `sqrt(a)`.',
  '∑': 'A sum is written `sum(v)`, or `sum_s(v[s])` over the steps.',
  '{': 'Only round brackets group; `[ ]` hold an index, a slice or a join.',
  '}': 'Only round brackets group; `[ ]` hold an index, a slice or a join.',
  '≥': 'where compares with `>` or `<`.',
  '≤': 'where compares with `>` or `<`.',
  '≠': 'where compares with `>` or `<`.',
  '!': 'where compares with `>` or `<`.',
  '.': 'A number needs a digit after its point: `0.5`.',
  '%': 'Comments begin with `#`.',
  '"': 'Equations hold names and numbers only.',
};

/** Reads tokens from the start of a text. */
export class Lexer {
  readonly #text: string;
  readonly #origin: string | undefined;
  #at = 0;
  #open = 0;

  /** @param origin - whose equations they are, for messages. */
  constructor(text: string, origin?: string) {
    this.#text = text;
    this.#origin = origin;
  }

  /** The next token; `end` again and again at the end. @throws EquationError `EQUATION_SYNTAX` */
  next(): Token {
    this.#skip();
    const start = this.#at;
    const character = this.#character();
    if (character === '') return this.#token('end', start, '');
    if (ending.test(character)) return this.#newline(start);
    const symbol = Object.hasOwn(symbols, character) ? symbols[character] : undefined;
    if (symbol !== undefined) return this.#symbol(start, symbol);
    number.lastIndex = start;
    const digits = number.exec(this.#text)?.[0];
    if (digits !== undefined) return this.#number(start, digits);
    if (nameStart.test(character)) return this.#name(start);
    throw this.#unexpected(start, character);
  }

  /** Passes blanks and comments, and line ends while a bracket is open. */
  #skip(): void {
    for (let character = this.#character(); character !== ''; character = this.#character()) {
      if (character === '#') this.#skipComment();
      else if (blank.test(character) || (this.#open > 0 && ending.test(character))) this.#at += character.length;
      else return;
    }
  }

  #skipComment(): void {
    while (this.#at < this.#text.length && !ending.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #newline(start: number): Token {
    this.#at += this.#text.startsWith('\r\n', start) ? 2 : 1;
    return this.#token('newline', start, '\n');
  }

  #symbol(start: number, symbol: string): Token {
    if (symbol === '(' || symbol === '[') this.#open += 1;
    if (symbol === ')' || symbol === ']') this.#open = Math.max(0, this.#open - 1);
    this.#at += 1;
    return this.#token('symbol', start, symbol);
  }

  #number(start: number, digits: string): Token {
    this.#at += digits.length;
    const after = this.#character();
    if (after === '.' || (nameStart.test(after) && after !== TRANSPOSE)) throw this.#badNumber(start);
    const value = Number(digits);
    const lost = value === 0 && /[1-9]/.test(digits.replace(/[eE].*/, ''));
    if (lost || !Number.isFinite(value)) throw this.#outOfRange(start);
    return this.#token('number', start, digits);
  }

  #name(start: number): Token {
    let before = '';
    for (let next = this.#character(); nameRest.test(next); next = this.#character()) {
      if (next === TRANSPOSE || (mark.test(next) && !markable.test(before))) break;
      this.#at += next.length;
      before = next;
    }
    const name = this.#text.slice(start, this.#at);
    if (name.length > LONGEST_NAME)
      throw this.#error(
        start,
        'this name is too long',
        `a name of ${name.length} characters`,
        `at most ${LONGEST_NAME}`,
      );
    return this.#token('name', start, name.normalize('NFC'));
  }

  #character(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #token(kind: Token['kind'], start: number, text: string): Token {
    return { kind, text, span: { start, end: this.#at } };
  }

  #badNumber(start: number): EquationError {
    for (let next = this.#character(); next === '.' || nameRest.test(next); next = this.#character())
      this.#at += next.length;
    const found = quote(this.#text.slice(start, this.#at));
    const mend = 'A product with a number is written `2 * a`.';
    return this.#error(start, 'this number is malformed', found, 'a number such as 2, 0.5 or 1e-5', mend);
  }

  #outOfRange(start: number): EquationError {
    const found = quote(this.#text.slice(start, this.#at));
    return this.#error(start, 'this number does not fit', found, 'a number that float64 can hold');
  }

  #unexpected(start: number, character: string): EquationError {
    this.#at += character.length;
    const code = `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
    const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? `\`${character}\` (${code})` : code;
    const mend = Object.hasOwn(hints, character) ? hints[character] : undefined;
    const expected = 'a name, a number, an operator or a bracket';
    return this.#error(start, 'this character has no meaning here', shown, expected, mend);
  }

  #error(start: number, problem: string, found: string, expected: string, mend?: string): EquationError {
    const span = { start, end: this.#at };
    return new EquationError('EQUATION_SYNTAX', {
      text: this.#text,
      origin: this.#origin,
      span,
      problem,
      found,
      expected,
      mend,
    });
  }
}

/** A piece of the text as a message quotes it. */
export function quote(text: string): string {
  const line = text.slice(0, 100).replace(/\s+/gu, ' ');
  return `\`${line.length > 40 ? `${line.slice(0, 37)}…` : line}\``;
}
