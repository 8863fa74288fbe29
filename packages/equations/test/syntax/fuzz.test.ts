// Whatever the text, the parser gives a tree or the language's own error, and soon.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EquationError, parse, print } from '../../src/index.ts';
import { modules, names } from './trees.ts';

/** Parses; whatever is thrown must be an EquationError whose place is inside the text. */
function survives(text: string): EquationError | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(EquationError);
    const { line, column, span, message } = error as EquationError;
    expect(line).toBeGreaterThanOrEqual(1);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(text.length);
    expect(message.length).toBeLessThan(2000);
    return error as EquationError;
  }
}

const pieces = fc.constantFrom(
  ...[
    'h',
    '[t]',
    '[t-1]',
    '[t,s]',
    '[0:2]',
    ' = ',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '(',
    ')',
    '[',
    ']',
    ',',
    ';',
    ':',
    '=',
    '#',
  ],
  ...[
    '+',
    '-',
    '−',
    '*',
    '⊙',
    '/',
    '@',
    '·',
    '^',
    '>',
    '<',
    'ᵀ',
    'σ',
    'tanh(',
    'softmax_s(',
    'where(a > b, ',
    'max(',
    '_',
  ],
  ...[
    '1',
    '0.5',
    '1e-5',
    '1e',
    '..',
    '0x',
    '′',
    '\u0302',
    'x̂',
    '\u2028',
    '\u0000',
    '\ud800',
    '😀',
    "'",
    '"',
    '\\',
    '$',
  ],
);
const tokenSoup = fc.array(pieces, { maxLength: 40 }).map((list) => list.join(''));

describe('malformed text throws nothing but EquationError', () => {
  test('random characters', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 80 }));
    fc.assert(
      fc.property(texts, (text) => void survives(text)),
      { numRuns: 500 },
    );
  });

  test('random code units, halves of pairs among them', () => {
    const units = fc.array(fc.nat({ max: 0xffff }), { maxLength: 60 });
    fc.assert(
      fc.property(units, (codes) => void survives(`a = ${String.fromCharCode(...codes)}`)),
      { numRuns: 500 },
    );
  });

  test('random pieces of equations', () => {
    fc.assert(
      fc.property(tokenSoup, (text) => void survives(`h[t] = ${text}`)),
      { numRuns: 750 },
    );
  });

  test('mutated programs', () => {
    const mutation = fc.record({ at: fc.nat(), drop: fc.nat({ max: 3 }), insert: fc.oneof(pieces, fc.constant('')) });
    const mutants = fc
      .tuple(modules(names), fc.array(mutation, { minLength: 1, maxLength: 4 }))
      .map(([tree, mutations]) =>
        mutations.reduce((text, { at, drop, insert }) => {
          const place = at % (text.length + 1);
          return text.slice(0, place) + insert + text.slice(place + drop);
        }, print(tree)),
      );
    fc.assert(
      fc.property(mutants, (text) => void survives(text)),
      { numRuns: 500 },
    );
  });

  test('what parses, prints and parses again', () => {
    fc.assert(
      fc.property(tokenSoup, (text) => {
        if (survives(`h[t] = ${text}`) !== undefined) return;
        const printed = print(parse(`h[t] = ${text}`));
        expect(print(parse(printed))).toBe(printed);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a megabyte is read or refused within seconds', () => {
  const much = (piece: string) => piece.repeat(Math.ceil(1_000_000 / piece.length));
  test.each([
    ['statements', much('h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bh)\n'), true],
    ['blank lines', much('\n'), true],
    ['blanks', much(' '), true],
    ['one comment', `#${much('c')}`, true],
    ['comments', much('# c\r\n'), true],
    ['items of a join', `a = [${much('b; ')}b]`, true],
    ['blank lines in a bracket', `a = (${much('\n')}b)`, true],
    ['terms', `a = ${much('b + ')}b`, false],
    ['arguments', `a = max(${much('b, ')}b)`, false],
    ['indices', `a = h[${much('s,')}s]`, true],
    ['one name', much('a'), false],
    ['one name with marks of two kinds', `a${much('\u0301\u0323')}`, false],
    ['marks behind a mistake', `a = $${much('\u0301\u0323')}`, false],
    ['digits', `a = ${much('1')}`, false],
    ['zeros behind a point', `a = 0.${much('0')}`, true],
    ['open brackets', much('('), false],
    ['brackets and a mistake behind', `a = (${much('b + (')}`, false],
    ['minuses', `a = ${much('-')}b`, false],
    ['transposes', `a = b${much('ᵀ')}`, false],
    ['slices', `a = b${much('[:]')}`, false],
    ['carets', `a = ${much('b^')}b`, false],
    ['a mistake in the last line', `${much('a = b\n')}$`, false],
    ['a mistake at the end of one line', `a = [${much('b; ')}$]`, false],
  ])('%s', (_, text, fine) => {
    const begin = performance.now();
    expect(survives(text) === undefined).toBe(fine);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});
