// The parser: precedence, indices, slices, calls, statements, and what it refuses.
import { describe, expect, test } from 'vitest';
import { EquationError, type Expression, parse } from '../../src/index.ts';

/** A tree as fully bracketed text, so that a test can say how an expression is read. */
function bracketed(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'name': {
      const indices = node.indices.map(({ name, offset }) => `${name}${offset === -1 ? '-1' : ''}`);
      return node.name + (indices.length > 0 ? `[${indices.join(',')}]` : '');
    }
    case 'call': {
      const subscript = node.subscript === undefined ? '' : `_${node.subscript}`;
      return `${node.callee}${subscript}(${node.arguments.map(bracketed).join(', ')})`;
    }
    case 'negate':
      return `(-${bracketed(node.operand)})`;
    case 'binary':
      return `(${bracketed(node.left)} ${node.operator} ${bracketed(node.right)})`;
    case 'transpose':
      return `(${bracketed(node.operand)}ᵀ)`;
    case 'slice':
      return `${bracketed(node.operand)}[${node.from ? bracketed(node.from) : ''}:${node.to ? bracketed(node.to) : ''}]`;
    case 'join':
      return `[${node.items.map(bracketed).join('; ')}]`;
  }
}

const read = (expression: string) => {
  const [statement] = parse(`q = ${expression}`).statements;
  return statement === undefined ? '' : bracketed(statement.value);
};

function failure(text: string): EquationError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof EquationError) return error;
    throw error;
  }
  throw new Error(`parsed: ${text}`);
}

describe('precedence', () => {
  test.each([
    ['a + b * c', '(a + (b * c))'],
    ['a - b - c', '((a - b) - c)'],
    ['a / b * c', '((a / b) * c)'],
    ['a * b ⊙ c ∘ d', '(((a * b) * c) * d)'],
    ['W @ a * b', '((W @ a) * b)'],
    ['a * W @ b', '(a * (W @ b))'],
    ['U @ V @ x', '(U @ (V @ x))'],
    ['-W @ x', '((-W) @ x)'],
    ['W @ -x', '(W @ (-x))'],
    ['-a^2', '(-(a ^ 2))'],
    ['a^b^c', '(a ^ (b ^ c))'],
    ['a^-b^c', '(a ^ (-(b ^ c)))'],
    ['W @ x^2', '(W @ (x ^ 2))'],
    ['--a', '(-(-a))'],
    ['a − −b', '(a - (-b))'],
    ['v · tanh(a @ h + b)', '(v · tanh(((a @ h) + b)))'],
    ['logSumExp(y) - y · target', '(logSumExp(y) - (y · target))'],
    ['v · W @ h', '(v · (W @ h))'],
    ['0.5 * d · d', '(0.5 * (d · d))'],
    ['a · b / n', '((a · b) / n)'],
    ['a ⋅ b', '(a · b)'],
    ['Wᵀ @ x[t]', '((Wᵀ) @ x[t])'],
    ['W^2ᵀ', '(W ^ (2ᵀ))'],
    ['(a + b)ᵀ[0:2]', '((a + b)ᵀ)[0:2]'],
    ['a[0:2]^2', '(a[0:2] ^ 2)'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));
});

describe('primaries', () => {
  test.each([
    ['h[t]', 'h[t]'],
    ['h[t-1]', 'h[t-1]'],
    ['h[ t − 1 ]', 'h[t-1]'],
    ['e[t, s]', 'e[t,s]'],
    ['a[t-1,s]', 'a[t-1,s]'],
    ['a[t-0]', 'a[t]'],
    ['a[0:n]', 'a[0:n]'],
    ['a[:n]', 'a[:n]'],
    ['a[n:]', 'a[n:]'],
    ['a[:]', 'a[:]'],
    ['z[t][0:2 * units]', 'z[t][0:(2 * units)]'],
    ['z[t][units-1:units]', 'z[t][(units - 1):units]'],
    ['σ(a)', 'sigmoid(a)'],
    ['σ * 2', '(σ * 2)'],
    ['softmax_s(e[t,s])', 'softmax_s(e[t,s])'],
    ['sum_position(m[position])', 'sum_position(m[position])'],
    ['W_s @ sum_x', '(W_s @ sum_x)'],
    ['max(a, b) + max(a) + max_s(a[s])', '((max(a, b) + max(a)) + max_s(a[s]))'],
    ['where(a + 1 > b, x, y)', 'where(((a + 1) > b), x, y)'],
    ['where(a < b, x, y)', 'where((a < b), x, y)'],
    ['dot(a, b)', '(a · b)'],
    ['transpose(W) @ x', '((Wᵀ) @ x)'],
    ['[a; b + c; d[0:2]]', '[a; (b + c); d[0:2]]'],
    ['[a]', '[a]'],
    ['x̂ + h̃[t] + h′ + β₁', '(((x̂ + h̃[t]) + h′) + β₁)'],
    ['1 + 0.5 + .5 + 1e-5 + 2.5E+3', '((((1 + 0.5) + 0.5) + 0.00001) + 2500)'],
    ['beta1^t', '(beta1 ^ t)'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));

  test('names that look the same are the same: normal form C', () => {
    expect(read('e\u0301')).toBe(read('\u00e9'));
  });
});

describe('statements', () => {
  test('one a line, comments and blank lines aside, any line ending', () => {
    const tree = parse('# vanilla\n\n a[t] = 1 # one\r\n\r\ne[t,s] = 2\rloss = 3\u2028b = 4');
    expect(tree.statements.map(({ name, indices }) => [name, indices.map((index) => index.name)])).toEqual([
      ['a', ['t']],
      ['e', ['t', 's']],
      ['loss', []],
      ['b', []],
    ]);
  });

  test('an open bracket continues a line', () => {
    expect(parse('a = (1 +\n 2 # two\n)\nb = [c;\nd\n]').statements).toHaveLength(2);
  });

  test('text without a statement gives an empty tree', () => {
    expect(parse(' \n# nothing\n').statements).toEqual([]);
  });

  test('every node knows where it stands', () => {
    const text = 'h[t] = tanh(Wxh @ x[t])  # c';
    const [statement] = parse(text).statements;
    const slice = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
    expect(slice(statement?.span as never)).toBe('h[t] = tanh(Wxh @ x[t])');
    expect(slice(statement?.target as never)).toBe('h[t]');
    expect(slice(statement?.value.span as never)).toBe('tanh(Wxh @ x[t])');
  });
});

describe('refusals', () => {
  test.each([
    ['a = b +\nc', 1, 8, 'the end of the line', /goes on/],
    ['a = tanh(b + )', 1, 14, '`)`', /number/],
    ['a = tanh(b', 1, 9, 'the end of the text', /`\)`/],
    ['a = tanh(b\nc = 3', 1, 9, '`c` on a line below', /`\)`/],
    ['a = b c', 1, 7, '`c`', /`@` \(matrix\)/],
    ['a = 2 b', 1, 7, '`b`', /operator/],
    ['a = 2b', 1, 5, '`2b`', /`2 \* a`/],
    ['a = 1..2', 1, 5, '`1..2`', /0\.5/],
    ['a = 1.', 1, 5, '`1.`', /0\.5/],
    ['a = 0x10', 1, 5, '`0x10`', /0\.5/],
    ['a = 1e999', 1, 5, '`1e999`', /float64/],
    ['a = 1e-999', 1, 5, '`1e-999`', /float64/],
    ['a = h[t-2]', 1, 7, '`t-2`', /`h1\[t\] = h\[t-1\]`/],
    ['a = h[t+1]', 1, 7, '`t+1`', /`t-1`/],
    ['a = h[3]', 1, 7, '`3`', /`h\[3:4\]`/],
    ['a = h[t][s]', 1, 9, '`[s]`', /slice/],
    ['a = (h + b)[t]', 1, 12, '`[t]`', /slice/],
    ['a = tahn(b)', 1, 5, '`tahn`', /Did you mean `tanh`/],
    ['a = Softmax_s(b)', 1, 5, '`Softmax_s`', /Did you mean `softmax`/],
    ['a = W(b)', 1, 5, '`W`', /`@`/],
    ['a = tanh(b, c)', 1, 5, '2 arguments', /1 argument/],
    ['a = tanh()', 1, 5, '0 arguments', /1 argument/],
    ['a = max(b, c, d)', 1, 5, '3 arguments', /1 or 2 arguments/],
    ['a = max_s(b, c)', 1, 5, '2 arguments', /1 argument/],
    ['a = tanh_s(b[s])', 1, 5, '`tanh_s(b[s])`', /`tanh\(…\)`/],
    ['a = σ_s(b[s])', 1, 5, '`σ_s(b[s])`', /sigmoid/],
    ['a = last(b[s])', 1, 5, '`last(b[s])`', /`last_s/],
    ['a = b > c', 1, 5, '`>`', /where\(a > b, x, y\)/],
    ['a = where(b, c, d)', 1, 12, '`,`', /compares/],
    ['a = where(b > c > d, x, y)', 1, 15, '`>`', /where/],
    ['a = where((b > c), x, y)', 1, 12, '`>`', /where/],
    ['a = [b, c]', 1, 7, '`,`', /`\[a; b\]`/],
    ['a = []', 1, 6, '`]`', /number/],
    ["a = W'", 1, 6, "`'` (U+0027)", /transpose/],
    ['a = b ** 2', 1, 8, '`*`', /`a\^2`/],
    ['a[t-1] = b', 1, 3, '`t-1`', /`a\[t\] = …`/],
    ['a[0:2] = b', 1, 1, '`a[0:2]`', /`a\[t\] = …`/],
    ['a + b = c', 1, 3, '`+`', /`=`/],
    ['a = b = c', 1, 7, '`=`', /line of its own/],
    ['3 = c', 1, 1, '`3`', /name/],
    ['f(x) = c', 1, 2, '`(`', /assigns/],
    ['a', 1, 2, 'the end of the text', /`=`/],
    ['a = )', 1, 5, '`)`', /number/],
    ['a = b )', 1, 7, '`)`', /operator/],
    ['a = +b', 1, 5, '`+`', /number/],
    ['x̂ = h̃ $', 1, 7, '`$` (U+0024)', /operator/],
    ['# c\n\n\ta = $', 3, 6, '`$` (U+0024)', /operator/],
    ['a = b_\u0302', 1, 7, 'U+0302', /operator/],
    ['a = \u0000', 1, 5, 'U+0000', /operator/],
    ['a = \ud800', 1, 5, 'U+D800', /operator/],
    [`a = ${'b'.repeat(300)}`, 1, 5, 'a name of 300 characters', /at most 200/],
  ])('%j', (text, line, column, found, says) => {
    const error = failure(text);
    expect(error.code).toBe('EQUATION_SYNTAX');
    expect([error.line, error.column, error.found]).toEqual([line, column, found]);
    expect(error.message).toMatch(says);
  });

  test('depth is bounded, whatever makes it', () => {
    const deep = 100_000;
    for (const text of [
      '('.repeat(deep),
      '['.repeat(deep),
      'tanh('.repeat(deep),
      'a['.repeat(deep),
      '-'.repeat(deep),
      'a^'.repeat(deep),
      'a@'.repeat(deep),
      'a+'.repeat(deep),
      'where('.repeat(deep),
      'where(a > '.repeat(deep),
    ])
      expect(failure(`q = ${text}a`).message).toMatch(/nested too deeply/);
    expect(failure(`q = a${'ᵀ'.repeat(deep)}`).message).toMatch(/nested too deeply/);
    expect(failure(`q = a${'[0:1]'.repeat(deep)}`).message).toMatch(/nested too deeply/);
  });

  test('200 levels are fine', () => {
    expect(parse(`q = ${'('.repeat(200)}a${')'.repeat(200)}`).statements).toHaveLength(1);
    expect(parse(`q = ${'a + '.repeat(200)}a`).statements).toHaveLength(1);
  });
});
