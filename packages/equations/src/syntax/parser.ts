// Text to syntax tree: recursive descent with precedence climbing, of bounded depth.

import { nearest } from '@unrolled/core';
import type { Expression, Index, Span, Statement, SyntaxTree } from './ast.ts';
import { EquationError } from './error.ts';
import { findFunction, type LanguageFunction, languageFunctions, splitSubscript } from './functions.ts';
import { Lexer, quote, type Token } from './lexer.ts';
import { type BinaryOperator, operatorSpellings, precedence } from './operators.ts';

/** Deepest nesting of an expression: no pass over a tree needs more of the stack than this many levels. */
export const DEEPEST = 250;

/**
 * Parses a module's text in Language 1 (docs/language.md). Text without a statement gives an empty tree.
 * @param origin - whose equations they are, for messages: `cell "lstm"`.
 * @throws EquationError `EQUATION_SYNTAX` with the line, a caret, what was found and what was expected.
 */
export function parse(text: string, origin?: string): SyntaxTree {
  const known = trees.get(text);
  if (known) return known;
  const tree = new Parser(text, origin).module();
  const [oldest] = trees.keys();
  if (trees.size === TREES_KEPT && oldest !== undefined) trees.delete(oldest);
  trees.set(text, tree);
  return tree;
}

/** Trees of the last texts: the layers of a network, and all that is built of it, often have one text. */
const trees = /* @__PURE__ */ new Map<string, SyntaxTree>();
const TREES_KEPT = 32;

const OPERAND = 'a number, a name, a function call, `(` or `[`';
const SUM = precedence['+'];

class Parser {
  readonly #text: string;
  readonly #origin: string | undefined;
  readonly #lexer: Lexer;
  /** Height of every node that is not a leaf. */
  readonly #heights = new Map<Expression, number>();
  #token: Token;
  #end = 0;
  #depth = 0;

  constructor(text: string, origin: string | undefined) {
    this.#text = text;
    this.#origin = origin;
    this.#lexer = new Lexer(text, origin);
    this.#token = this.#lexer.next();
  }

  module(): SyntaxTree {
    const statements: Statement[] = [];
    while (this.#token.kind !== 'end') {
      if (this.#token.kind !== 'newline') statements.push(this.#statement());
      if (this.#token.kind === 'newline') this.#advance();
    }
    return { text: this.#text, statements };
  }

  #statement(): Statement {
    const name = this.#token;
    if (name.kind !== 'name') throw this.#unexpected('the name that is assigned, as in `h[t] = …`');
    this.#advance();
    if (this.#is('('))
      throw this.#unexpected('`=`, since a line assigns a value to a name', 'A line reads `h[t] = …`.');
    const indices = this.#is('[') ? this.#targetIndices(name) : [];
    const target = this.#from(name.span.start);
    if (!this.#is('=')) throw this.#unexpected(indices.length > 0 ? '`=`' : 'an index such as `[t]`, or `=`');
    this.#advance();
    const value = this.#expression();
    if (this.#token.kind !== 'newline' && this.#token.kind !== 'end')
      throw this.#unexpected('an operator or the end of the line');
    return { name: name.text, indices, value, span: this.#from(name.span.start), target };
  }

  #targetIndices(name: Token): readonly Index[] {
    const place = this.#bracket({ kind: 'name', name: name.text, indices: [], span: name.span });
    const indices = place.kind === 'name' ? place.indices : [];
    const late = indices.find(({ offset }) => offset !== 0);
    if (place.kind === 'name' && late === undefined) return indices;
    throw this.#error(late?.span ?? place.span, 'only a whole value of this step can be assigned', {
      expected: `\`${name.text}[t] = …\``,
    });
  }

  #expression(): Expression {
    const comparison = this.#token;
    const value = this.#binary(SUM);
    if (this.#is('>') || this.#is('<')) throw this.#strayComparison(comparison.span.start);
    return value;
  }

  /** Operators that bind at least as tightly as `loosest`. */
  #binary(loosest: number): Expression {
    let left = this.#unary();
    for (;;) {
      const operator = this.#operator();
      if (operator === undefined || precedence[operator] < loosest || operator === '^') return left;
      this.#advance();
      const right = this.#nested(() => this.#binary(precedence[operator] + (operator === '@' ? 0 : 1)));
      left = this.#combine(operator, left, right);
    }
  }

  #unary(): Expression {
    const start = this.#token.span.start;
    if (!this.#is('-')) return this.#power();
    this.#advance();
    const operand = this.#nested(() => this.#unary());
    return this.#node({ kind: 'negate', operand, span: this.#from(start) }, [operand]);
  }

  #power(): Expression {
    const base = this.#postfix();
    if (!this.#is('^')) return base;
    this.#advance();
    return this.#combine(
      '^',
      base,
      this.#nested(() => this.#unary()),
    );
  }

  #postfix(): Expression {
    let value = this.#primary();
    for (;;) {
      if (this.#is('ᵀ')) value = this.#transpose(value);
      else if (this.#is('[')) value = this.#bracket(value);
      else return value;
    }
  }

  #transpose(operand: Expression): Expression {
    this.#advance();
    return this.#node({ kind: 'transpose', operand, span: this.#from(operand.span.start) }, [operand]);
  }

  #primary(): Expression {
    const { kind, text, span } = this.#token;
    if (kind === 'number') {
      this.#advance();
      return { kind: 'number', value: Number(text), span };
    }
    if (kind === 'name') {
      this.#advance();
      return this.#is('(') ? this.#call(text, span) : { kind: 'name', name: text, indices: [], span };
    }
    if (this.#is('(')) return this.#group();
    if (this.#is('[')) return this.#join();
    throw this.#unexpected(OPERAND);
  }

  #group(): Expression {
    const open = this.#advance();
    const value = this.#nested(() => this.#expression());
    this.#close(open, ')', 'an operator or `)`');
    return value;
  }

  #join(): Expression {
    const open = this.#advance();
    const items = [this.#nested(() => this.#expression())];
    while (this.#is(';')) {
      this.#advance();
      items.push(this.#nested(() => this.#expression()));
    }
    this.#close(open, ']', 'an operator, `;` or `]`', 'The parts of a join are separated by semicolons: `[a; b]`.');
    return this.#node({ kind: 'join', items, span: this.#from(open.span.start) }, items);
  }

  /** What follows a value in square brackets: indices of a bare name, or a slice. */
  #bracket(operand: Expression): Expression {
    const open = this.#advance();
    const from = this.#is(':') ? undefined : this.#nested(() => this.#expression());
    if (this.#is(':')) return this.#slice(operand, open, from);
    const given = [from as Expression];
    while (this.#is(',')) {
      this.#advance();
      given.push(this.#nested(() => this.#expression()));
    }
    this.#close(open, ']', '`,`, `:` or `]`');
    const span = this.#from(operand.span.start);
    if (operand.kind !== 'name' || operand.indices.length > 0)
      throw this.#error(this.#from(open.span.start), 'only a name has an index', {
        expected: 'a slice such as `[0:units]`',
      });
    return { ...operand, indices: given.map((index) => this.#index(operand.name, index)), span };
  }

  #slice(operand: Expression, open: Token, from: Expression | undefined): Expression {
    this.#advance();
    const to = this.#is(']') ? undefined : this.#nested(() => this.#expression());
    this.#close(open, ']', 'an operator or `]`');
    const parts = [operand, from, to].filter((part) => part !== undefined);
    return this.#node({ kind: 'slice', operand, from, to, span: this.#from(operand.span.start) }, parts);
  }

  #index(name: string, given: Expression): Index {
    const { span } = given;
    if (isBareName(given)) return { name: given.name, offset: 0, span };
    if (given.kind === 'binary' && isBareName(given.left) && given.right.kind === 'number') {
      const step = given.right.value;
      if (given.operator === '-' && step === 1) return { name: given.left.name, offset: -1, span };
      if (step === 0 && (given.operator === '-' || given.operator === '+'))
        return { name: given.left.name, offset: 0, span };
    }
    const mend =
      given.kind === 'number'
        ? `A part of a vector is a slice: \`${name}[${given.value}:${given.value + 1}]\`.`
        : `Older steps are kept by a further state: \`${name}1[t] = ${name}[t-1]\`, then read \`${name}1[t-1]\`.`;
    throw this.#error(span, 'this index is not possible', {
      expected: '`t`, `t-1` or a second index such as `s`',
      mend,
    });
  }

  #call(name: string, span: Span): Expression {
    const { callee, subscript } = splitSubscript(name === 'σ' ? 'sigmoid' : name.replace(/^σ_/, 'sigmoid_'));
    const described = findFunction(callee);
    if (described === undefined) throw this.#unknownFunction(name, span);
    const open = this.#advance();
    const given = this.#arguments(open, callee, described);
    const whole = this.#from(span.start);
    this.#checkCall(callee, subscript, described, given, whole);
    const [first, second] = given as [Expression, Expression];
    if (callee === 'transpose') return this.#node({ kind: 'transpose', operand: first, span: whole }, [first]);
    if (callee === 'dot')
      return this.#node({ kind: 'binary', operator: '·', left: first, right: second, span: whole }, [first, second]);
    return this.#node({ kind: 'call', callee, subscript, arguments: given, span: whole }, given);
  }

  #arguments(open: Token, callee: string, described: LanguageFunction): readonly Expression[] {
    const given: Expression[] = [];
    if (!this.#is(')')) {
      given.push(this.#nested(() => (callee === 'where' ? this.#comparison() : this.#expression())));
      while (this.#is(',')) {
        this.#advance();
        given.push(this.#nested(() => this.#expression()));
      }
    }
    this.#close(open, ')', 'an operator, a comma or `)`', used(described));
    return given;
  }

  /** The first argument of where. */
  #comparison(): Expression {
    const left = this.#binary(SUM);
    const operator = this.#operator();
    if (operator !== '>' && operator !== '<')
      throw this.#unexpected('`>` or `<`, since where compares', used(languageFunctions.where));
    this.#advance();
    return this.#combine(operator, left, this.#expression());
  }

  #checkCall(
    callee: string,
    subscript: string | undefined,
    described: LanguageFunction,
    given: readonly Expression[],
    span: Span,
  ): void {
    const { minimum, maximum, subscript: allowed } = described;
    const mend = used(described);
    if (subscript !== undefined && allowed === 'never')
      throw this.#error(span, `${callee} takes no index`, { expected: `\`${callee}(…)\``, mend });
    if (subscript === undefined && allowed === 'required')
      throw this.#error(span, `${callee} needs an index`, { expected: `\`${callee}_s(…)\``, mend });
    const most = subscript === undefined ? maximum : 1;
    if (given.length >= minimum && given.length <= most) return;
    const name = subscript === undefined ? callee : `${callee}_${subscript}`;
    throw this.#error(span, `${name} has the wrong number of arguments`, {
      found: count(given.length),
      expected: minimum === most ? count(minimum) : `${minimum} or ${count(most)}`,
      mend,
    });
  }

  #combine(operator: BinaryOperator, left: Expression, right: Expression): Expression {
    const span = { start: left.span.start, end: right.span.end };
    return this.#node({ kind: 'binary', operator, left, right, span }, [left, right]);
  }

  /** Registers the height of a new node. */
  #node<E extends Expression>(node: E, children: readonly Expression[]): E {
    let height = 0;
    for (const child of children) height = Math.max(height, this.#heights.get(child) ?? 1);
    this.#heights.set(node, height + 1);
    if (height + 1 > DEEPEST) throw this.#tooDeep(node.span);
    return node;
  }

  /** Descends one level. */
  #nested<T>(descend: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#tooDeep(this.#token.span);
    const value = descend();
    this.#depth -= 1;
    return value;
  }

  #operator(): BinaryOperator | undefined {
    const { kind, text } = this.#token;
    return kind === 'symbol' && Object.hasOwn(operatorSpellings, text) ? (text as BinaryOperator) : undefined;
  }

  #is(symbol: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === symbol;
  }

  #advance(): Token {
    const passed = this.#token;
    this.#end = passed.span.end;
    this.#token = this.#lexer.next();
    return passed;
  }

  #close(open: Token, symbol: string, expected: string, mend?: string): void {
    if (this.#is(symbol)) {
      this.#advance();
      return;
    }
    const between = this.#text.slice(open.span.end, this.#token.span.start);
    if (this.#token.kind !== 'end' && !/[\n\r\u2028\u2029]/.test(between)) throw this.#unexpected(expected, mend);
    const found = this.#token.kind === 'end' ? 'the end of the text' : `${quote(this.#token.text)} on a line below`;
    throw this.#error(open.span, 'this bracket is never closed', {
      found,
      expected: quote(symbol),
      mend: mend ?? 'A line goes on below only while a bracket is open.',
    });
  }

  #from(start: number): Span {
    return { start, end: this.#end };
  }

  #unexpected(expected: string, mend: string | undefined = hint(this.#token, expected)): EquationError {
    const { kind, text, span } = this.#token;
    const ends = kind === 'end' ? 'the end of the text' : 'the end of the line';
    const found = kind === 'newline' || kind === 'end' ? ends : quote(text);
    return this.#error(
      kind === 'newline' ? { start: span.start, end: span.start } : span,
      `${found} is not possible here`,
      {
        found,
        expected,
        mend,
      },
    );
  }

  #strayComparison(start: number): EquationError {
    const { span } = this.#token;
    return this.#error({ start, end: span.end }, 'a comparison is not possible here', {
      found: quote(this.#token.text),
      expected: 'an operator that gives a number',
      mend: `Comparisons stand only in \`${languageFunctions.where.usages[0]}\`.`,
    });
  }

  #unknownFunction(name: string, span: Span): EquationError {
    const known = Object.keys(languageFunctions);
    const near = nearest(splitSubscript(name).callee, known) ?? nearest(name.replace(/_.*/su, ''), known);
    const mend =
      near === undefined
        ? `If ${quote(name)} is a matrix, a product with it is written \`@\`.`
        : `Did you mean \`${near}\`?`;
    return this.#error(span, `${quote(name)} is not a function`, { expected: `one of ${known.join(', ')}`, mend });
  }

  #tooDeep(span: Span): EquationError {
    return this.#error(span, 'this expression is nested too deeply', {
      found: `more than ${DEEPEST} levels`,
      expected: `at most ${DEEPEST}`,
      mend: 'Give a part of it a name on a line of its own.',
    });
  }

  #error(
    span: Span,
    problem: string,
    { found, expected, mend }: { found?: string; expected: string; mend?: string | undefined },
  ): EquationError {
    return new EquationError('EQUATION_SYNTAX', {
      text: this.#text,
      origin: this.#origin,
      span,
      problem,
      found: found ?? quote(this.#text.slice(span.start, span.end)),
      expected,
      mend,
    });
  }
}

/** Whether it is a name without an index. */
function isBareName(expression: Expression): expression is Extract<Expression, { kind: 'name' }> {
  return expression.kind === 'name' && expression.indices.length === 0;
}

/** How a function is used, as the way to mend a call. */
function used({ usages }: LanguageFunction): string {
  return `It is used as ${usages.map((usage) => `\`${usage}\``).join(', ')}.`;
}

function count(number: number): string {
  return number === 1 ? '1 argument' : `${number} arguments`;
}

/** How to mend what people often write. */
function hint({ kind, text }: Token, expected: string): string | undefined {
  const wantsOperand = expected === OPERAND;
  if (kind === 'newline' && wantsOperand) return 'A line goes on below only while a bracket is open.';
  if (text === '*' && wantsOperand) return 'A power is written `a^2`.';
  if (text === '=') return 'Each assignment has a line of its own.';
  if (kind === 'name' || kind === 'number' || text === '(' || text === '[')
    return wantsOperand ? undefined : 'A product is written `@` (matrix), `·` (dot) or `*` (elementwise).';
  return undefined;
}
