// Equations as LaTeX, as a textbook prints them.
import type { Expression, Index, Statement, SyntaxTree } from './ast.ts';
import { latexName, latexSymbol, script } from './latex-names.ts';
import { NEGATE, operandTightness, POSTFIX, precedence, SUM_SIGN } from './operators.ts';
import { parse } from './parser.ts';

/** How equations are printed. */
export interface LatexOptions {
  /** Where the step stands: `subscript` gives h_{t-1} (the default), `superscript` gives h^{(t-1)}. */
  readonly time?: 'subscript' | 'superscript';
  /**
   * Names that hold one number, such as the options of an optimizer: a product with one is printed without ⊙. What is
   * assigned a number (a dot product, a sum of elements) is found without being named here.
   */
  readonly scalars?: readonly string[];
}

/**
 * Each statement as one line of LaTeX for math mode, in order. Needs amsmath.
 * @throws EquationError `EQUATION_SYNTAX` where text is given that does not parse.
 */
export function toLatex(equations: string | SyntaxTree, options: LatexOptions = {}): string[] {
  return sides(equations, options).map(([left, right]) => `${left} = ${right}`);
}

/**
 * All statements in one `aligned` environment, aligned at their equals signs.
 * @throws EquationError `EQUATION_SYNTAX` where text is given that does not parse.
 */
export function toLatexAligned(equations: string | SyntaxTree, options: LatexOptions = {}): string {
  const lines = sides(equations, options).map(([left, right]) => `  ${left} &= ${right}`);
  return `\\begin{aligned}\n${lines.join(' \\\\\n')}\n\\end{aligned}`;
}

/** Both sides of every statement. */
function sides(equations: string | SyntaxTree, options: LatexOptions): (readonly [string, string])[] {
  const { statements } = typeof equations === 'string' ? parse(equations) : equations;
  const writer = new Writer(options);
  return statements.map((statement) => writer.statement(statement));
}

/** A piece of LaTeX and how it holds together. */
interface Piece {
  readonly latex: string;
  /** How tightly it holds, on the scale of the operators. */
  readonly tightness: number;
  /** Whether a superscript can't be put on it without brackets. */
  readonly raised?: boolean;
}

type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** A case distinction stands alone. */
const CASES = 0;

/** Functions that LaTeX prints by a name of its own. */
const commands: Readonly<Record<string, string>> = {
  sigmoid: '\\sigma',
  tanh: '\\tanh',
  exp: '\\exp',
  log: '\\log',
  sin: '\\sin',
  cos: '\\cos',
  max: '\\max',
  min: '\\min',
  relu: '\\operatorname{ReLU}',
  silu: '\\operatorname{SiLU}',
  gelu: '\\operatorname{GELU}',
  layerNorm: '\\operatorname{LayerNorm}',
  logSumExp: '\\operatorname{LogSumExp}',
};

/** Functions that make one number of a vector when they have one argument. */
const reductions: ReadonlySet<string> = new Set(['sum', 'mean', 'max', 'min', 'logSumExp']);

class Writer {
  readonly #superscript: boolean;
  readonly #scalars: Set<string>;

  constructor(options: LatexOptions) {
    this.#superscript = options.time === 'superscript';
    this.#scalars = new Set(options.scalars);
  }

  statement({ name, indices, value }: Statement): readonly [string, string] {
    const sides = [this.#name(name, indices).latex, this.#expression(value).latex] as const;
    if (this.#isScalar(value)) this.#scalars.add(name);
    return sides;
  }

  #expression(expression: Expression): Piece {
    switch (expression.kind) {
      case 'number':
        return latexNumber(expression.value);
      case 'name':
        return this.#name(expression.name, expression.indices);
      case 'call':
        return this.#call(expression);
      case 'negate':
        return { latex: `-${this.#within(expression.operand, NEGATE, true)}`, tightness: NEGATE };
      case 'binary':
        return this.#binary(expression);
      case 'transpose':
        return { latex: `${this.#raisable(expression.operand)}^{\\top}`, tightness: POSTFIX, raised: true };
      case 'slice':
        return this.#slice(expression);
      case 'join':
        return atom(
          environment(
            'bmatrix',
            expression.items.map((item) => this.#expression(item).latex),
          ),
        );
    }
  }

  #name(name: string, indices: readonly Index[], slice?: string): Piece {
    const { base, subscripts, raised } = latexSymbol(name);
    const places = indices.map((index) => `${latexName(index.name)}${index.offset === 0 ? '' : '-1'}`);
    const below = [...subscripts, ...(this.#superscript ? [] : places), ...(slice === undefined ? [] : [slice])];
    const subscript = below.length === 0 ? '' : `_${script(below.join(','))}`;
    const superscript = this.#superscript && places.length > 0 ? `^{(${places.join(',')})}` : '';
    const lifted = superscript === '' || !raised ? base : `{${base}}`;
    return {
      latex: `${lifted}${subscript}${superscript}`,
      tightness: POSTFIX,
      raised: raised || superscript !== '',
    };
  }

  #slice({ operand, from, to }: Node<'slice'>): Piece {
    const bounds = [from, to].map((bound) => (bound === undefined ? '' : this.#expression(bound).latex)).join(':');
    if (operand.kind === 'name') return this.#name(operand.name, operand.indices, bounds);
    return atom(`${parenthesize(this.#expression(operand).latex)}_{${bounds}}`);
  }

  #binary(node: Node<'binary'>): Piece {
    const { operator, left, right } = node;
    if (operator === '/') return this.#fraction(left, right);
    if (operator === '^')
      return { latex: `${this.#raisable(left)}^${script(this.#expression(right).latex)}`, tightness: precedence['^'] };
    const [atLeft, atRight] = operandTightness(operator);
    const first = this.#within(left, atLeft, false);
    const second = this.#within(right, atRight, true);
    return { latex: `${first}${this.#sign(node, second)}${second}`, tightness: precedence[operator] };
  }

  #fraction(left: Expression, right: Expression): Piece {
    const latex = `\\frac{${this.#expression(left).latex}}{${this.#expression(right).latex}}`;
    return { latex, tightness: POSTFIX, raised: true };
  }

  /** What stands between the operands; products of matrices and with numbers are written side by side. */
  #sign({ operator, left, right }: Node<'binary'>, second: string): string {
    if (operator === '·') return ' \\cdot ';
    if (operator === '*' && !this.#isScalar(left) && !this.#isScalar(right)) return ' \\odot ';
    if (operator === '*' || operator === '@') return /^[0-9]/.test(second) ? ' \\cdot ' : '\\,';
    return ` ${operator} `;
  }

  #call(call: Node<'call'>): Piece {
    const { callee, subscript, arguments: given } = call;
    const [first] = given as readonly [Expression];
    if (callee === 'sqrt') return atom(`\\sqrt{${this.#expression(first).latex}}`);
    if (callee === 'abs') return atom(enclose('|', this.#expression(first).latex, '|'));
    if (callee === 'where') return this.#where(given);
    const index = subscript === undefined ? '' : `_${script(latexName(subscript))}`;
    if (callee === 'sum' && subscript !== undefined)
      return { latex: `\\sum${index} ${this.#within(first, SUM_SIGN, true)}`, tightness: SUM_SIGN };
    const list = given.map((argument) => this.#expression(argument).latex).join(', ');
    return atom(`${commands[callee] ?? `\\operatorname{${callee}}`}${index}${parenthesize(list)}`);
  }

  #where(given: readonly Expression[]): Piece {
    const [condition = '', then = '', otherwise = ''] = given.map((part) => this.#expression(part).latex);
    const rows = [`${then} & \\text{if } ${condition}`, `${otherwise} & \\text{otherwise}`];
    return { latex: environment('cases', rows), tightness: CASES };
  }

  /** As an operand: in brackets where it holds together less than needed, or begins with a minus inside a formula. */
  #within(expression: Expression, needed: number, inside: boolean): string {
    const { latex, tightness } = this.#expression(expression);
    return tightness < needed || (inside && latex.startsWith('-')) ? parenthesize(latex) : latex;
  }

  /** As something that a superscript is put on. */
  #raisable(expression: Expression): string {
    const { latex, tightness, raised } = this.#expression(expression);
    return tightness < POSTFIX || raised === true ? parenthesize(latex) : latex;
  }

  /** Whether it is one number for sure. */
  #isScalar(expression: Expression): boolean {
    switch (expression.kind) {
      case 'number':
        return true;
      case 'name':
        return this.#scalars.has(expression.name) || (expression.name === 't' && expression.indices.length === 0);
      case 'negate':
        return this.#isScalar(expression.operand);
      case 'binary':
        if (expression.operator === '@') return false;
        return expression.operator === '·' || (this.#isScalar(expression.left) && this.#isScalar(expression.right));
      case 'call':
        if (
          expression.subscript === undefined &&
          expression.arguments.length === 1 &&
          reductions.has(expression.callee)
        )
          return true;
        return expression.arguments.every((argument) => this.#isScalar(argument));
      default:
        return false;
    }
  }
}

function atom(latex: string): Piece {
  return { latex, tightness: POSTFIX };
}

/** Digits as LaTeX; very small and large ones as a power of ten. */
function latexNumber(value: number): Piece {
  const [digits = '', exponent] = String(value).split('e');
  if (exponent === undefined) return atom(digits);
  const power = `10^{${Number(exponent)}}`;
  if (digits === '1') return { latex: power, tightness: POSTFIX, raised: true };
  return { latex: `${digits} \\times ${power}`, tightness: precedence['*'] };
}

function environment(name: string, rows: readonly string[]): string {
  return `\\begin{${name}} ${rows.join(' \\\\ ')} \\end{${name}}`;
}

function parenthesize(latex: string): string {
  return enclose('(', latex, ')');
}

/** Brackets that grow where something tall stands in them. */
function enclose(open: string, latex: string, close: string): string {
  return /\\(?:frac|begin|sum|sqrt)/.test(latex) ? `\\left${open}${latex}\\right${close}` : `${open}${latex}${close}`;
}
