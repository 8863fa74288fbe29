// Messages: the line, the caret under the mistake whatever stands before it, and the nearest name.
import { isUnrolledError, nearest, UnrolledError } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import { EquationError, parse } from '../../src/index.ts';

function errorOf(text: string, origin?: string): EquationError {
  try {
    parse(text, origin);
  } catch (error) {
    if (error instanceof EquationError) return error;
    throw error;
  }
  throw new Error(`parsed: ${text}`);
}

/** The line and the caret line of a message. */
const excerpt = (text: string) => errorOf(text).message.split('\n').slice(1, 3);

describe('the message', () => {
  test('whole', () => {
    expect(errorOf('z[t] = Wxh @ x[t]\nh[t] = tahn(z[t])', 'Equations of vanilla').message).toBe(
      [
        'Equations of vanilla, line 2, column 8: `tahn` is not a function.',
        '2 | h[t] = tahn(z[t])',
        '  |        ^^^^',
        'Found: `tahn`.',
        'Expected: one of sigmoid, tanh, relu, softplus, silu, gelu, exp, log, sqrt, abs, sin, cos, layerNorm, logSumExp, softmax, sum, mean, max, min, last, where, stopGradient, dropout, dropoutSequence, zoneout, dot, transpose. Did you mean `tanh`?',
      ].join('\n'),
    );
  });

  test('is an UnrolledError with the same facts as data', () => {
    const error = errorOf('h[t] = (');
    expect(error).toBeInstanceOf(UnrolledError);
    expect(isUnrolledError(error, 'EQUATION_SYNTAX')).toBe(true);
    expect(error.name).toBe('EquationError');
    expect(error.data).toMatchObject({ line: 1, column: 9, start: 8, end: 8, found: 'the end of the text' });
    expect(error.span).toEqual({ start: 8, end: 8 });
    expect(error.expected).toMatch(/number/);
  });

  test('says how to mend it once, behind what was expected', () => {
    expect(errorOf('a = b ** 2').message.split('\n').at(-1)).toBe(
      'Expected: a number, a name, a function call, `(` or `[`. A power is written `a^2`.',
    );
  });
});

describe('the caret', () => {
  test.each([
    ['combining marks', 'x̂ = h̃ $', ['1 | x̂ = h̃ $', '  |       ^']],
    ['a family of one character', 'a = 1 # \n b = 👩‍👩‍👧', ['2 |  b = 👩‍👩‍👧', '  |      ^^']],
    ['wide letters', '漢字 = 漢 漢', ['1 | 漢字 = 漢 漢', '  |           ^^']],
    ['tabs', '\ta =\t$', ['1 | \ta =\t$', '  | \t   \t^']],
    ['CRLF', 'a = 1\r\nb = $\r\n', ['2 | b = $', '  |     ^']],
    ['the end of a line', 'a = b +\nc = d', ['1 | a = b +', '  |        ^']],
    ['the end of the text', 'a =', ['1 | a =', '  |    ^']],
    ['several lines', 'a = max(b,\nc,\nd)', ['1 | a = max(b,', '  |     ^^^^^^']],
    ['line numbers of two digits', `${'\n'.repeat(11)}a = $`, ['12 | a = $', '   |     ^']],
  ])('%s', (_, text, lines) => expect(excerpt(text)).toEqual(lines));

  test('a long line is cut to what is around the mistake', () => {
    const [line = '', carets = ''] = excerpt(`a = ${'b + '.repeat(200)}$${' + b'.repeat(200)}`);
    expect(line).toMatch(/^1 \| ….*\$.*…$/);
    expect(line.length).toBeLessThan(180);
    expect(carets.indexOf('^')).toBe(line.indexOf('$'));
  });

  test('the column is that of the whole line', () => {
    expect(errorOf(`a = ${'b + '.repeat(200)}$`).column).toBe(805);
  });
});

describe('nearest', () => {
  test.each([
    ['Wxh', ['Whh', 'Wxi', 'bh'], 'Whh'],
    ['Wh', ['h', 'Whh'], 'Whh'],
    ['wxh', ['Whh', 'Wxh'], 'Wxh'],
    ['Whx', ['bh', 'Wxh'], 'Wxh'],
    ['sofmax', ['softmax', 'softplus'], 'softmax'],
    ['layernorm', ['log', 'layerNorm'], 'layerNorm'],
    ['dropuot', ['dropout', 'dropoutSequence'], 'dropout'],
    ['x', ['y', 'xh'], 'xh'],
    ['X', ['y', 'x'], 'x'],
    ['x', ['y', 'h'], undefined],
    ['banana', ['Wxh', 'bh'], undefined],
    ['a', [], undefined],
  ])('%s of %j', (name, candidates, expected) => expect(nearest(name, candidates)).toBe(expected));
});
