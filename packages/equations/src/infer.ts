// Finds the shape of every value and parameter of a module from how they are used.
import type { EquationModule, SizeReference } from '@unrolled/core';
import { type AnalysedModule, learnedParameterOf, meaningOf, type Name } from './analysed.ts';
import { endOf } from './check-names.ts';
import type { Shape } from './ir.ts';
import { mistake, type Said } from './mistake.ts';
import {
  known,
  matrix,
  newShape,
  newSize,
  resolved,
  type ShapeVariable,
  type Size,
  scalar,
  shapeText,
  sizesOf,
  unifyShapes,
  vector,
} from './sizes.ts';
import type { Expression, Span } from './syntax/ast.ts';
import type { EquationError } from './syntax/error.ts';

/** Shapes of a module's names. */
export interface ModuleShapes {
  /** By parameter. */
  readonly parameters: Readonly<Record<string, Shape>>;
  /** By assigned value. */
  readonly values: Readonly<Record<string, Shape>>;
}

/**
 * Infers shapes.
 * @param inputs - shape of each bound input.
 * @param given - shapes of assigned values that are known from outside.
 * @throws EquationError `EQUATION_SHAPE` with both shapes, or naming what stays unknown.
 */
export function inferShapes(
  analysed: AnalysedModule,
  inputs: Readonly<Record<string, Shape>>,
  given: Readonly<Record<string, Shape>> = {},
): ModuleShapes {
  const inference = new Inference(analysed, inputs, given);
  // A size may depend on one that is settled later in the text; each pass settles one more, or none is left to settle.
  let before: number;
  do {
    before = inference.unsettled;
    inference.pass();
  } while (inference.unsettled < before);
  return inference.result();
}

/** Value of a constant expression over numbers, options and sizes, or undefined where it is not constant. */
export function constantValue(expression: Expression, constants: ReadonlyMap<string, number>): number | undefined {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return expression.indices.length === 0 ? constants.get(expression.name) : undefined;
    case 'negate': {
      const operand = constantValue(expression.operand, constants);
      return operand === undefined ? undefined : -operand;
    }
    case 'binary': {
      const left = constantValue(expression.left, constants);
      const right = constantValue(expression.right, constants);
      if (left === undefined || right === undefined) return undefined;
      if (expression.operator === '+') return left + right;
      if (expression.operator === '-') return left - right;
      if (expression.operator === '*') return left * right;
      return expression.operator === '/' ? left / right : undefined;
    }
    default:
      return undefined;
  }
}

/** One side of what does not fit, in words, and its shape. */
type Sided = readonly [side: string, shape: ShapeVariable];

class Inference {
  readonly #analysed: AnalysedModule;
  readonly #inputs: Readonly<Record<string, Shape>>;
  readonly #parameters = new Map<string, ShapeVariable>();
  readonly #values = new Map<string, ShapeVariable>();

  constructor(
    analysed: AnalysedModule,
    inputs: Readonly<Record<string, Shape>>,
    given: Readonly<Record<string, Shape>>,
  ) {
    this.#analysed = analysed;
    this.#inputs = inputs;
    const { module, statements, states } = analysed;
    for (const [name, { shape }] of Object.entries(module.parameters))
      this.#parameters.set(name, shape ? this.#declared(module, name, shape) : newShape());
    for (const name of statements.keys()) {
      const declared =
        module.shapes[name] ??
        given[name] ??
        (states.includes(name) && analysed.constants.has('units') ? ['units'] : undefined);
      this.#values.set(name, declared ? this.#declared(module, name, declared) : newShape());
    }
  }

  /** How many sizes are not yet known; a shape of which nothing is known counts as more than a matrix. */
  get unsettled(): number {
    const shapes = [...this.#parameters.values(), ...this.#values.values()];
    const unknown = (shape: ShapeVariable) => sizesOf(shape)?.filter(({ value }) => value === undefined).length ?? 3;
    return shapes.reduce((sum, shape) => sum + unknown(shape), 0);
  }

  pass(): void {
    for (const { name, value, span } of this.#analysed.tree.statements) {
      const shape = this.#infer(value);
      const declared = this.#values.get(name) as ShapeVariable;
      if (!unifyShapes(declared, shape))
        throw this.#mismatch(
          span,
          [`"${name}" has`, declared],
          ['its right-hand side', shape],
          'the same shape on both sides',
        );
    }
    for (const state of this.#analysed.states) this.#learned(state);
  }

  result(): ModuleShapes {
    const read = (kind: string, shapes: ReadonlyMap<string, ShapeVariable>) =>
      Object.fromEntries(
        [...shapes].map(([name, shape]) => [name, resolved(shape) ?? this.#unknown(kind, name, shape)]),
      );
    return { parameters: read('parameter', this.#parameters), values: read('value', this.#values) };
  }

  /** A learned first value that is listed has its state's shape. */
  #learned(state: string): void {
    const parameter = this.#parameters.get(learnedParameterOf(this.#analysed, state) ?? '');
    const shape = this.#values.get(state) as ShapeVariable;
    if (parameter && !unifyShapes(parameter, shape))
      throw this.#mismatch(
        endOf(this.#analysed.module),
        [`"${state}" has`, shape],
        [`its first value "${state}0"`, parameter],
        'the same shape',
      );
  }

  #declared(module: EquationModule, name: string, shape: readonly SizeReference[]): ShapeVariable {
    return known(
      shape.map((size) => {
        const value = typeof size === 'number' ? size : this.#analysed.constants.get(size);
        if (value !== undefined && Number.isInteger(value) && value > 0) return value;
        throw this.#error('EQUATION_SHAPE', endOf(this.#analysed.module), {
          found: `size ${JSON.stringify(size)} in the declared shape of "${name}" of ${module.name}`,
          expected: `a positive whole number or one of the sizes ${[...this.#analysed.constants.keys()].join(', ')}`,
        });
      }),
    );
  }

  #infer(expression: Expression): ShapeVariable {
    switch (expression.kind) {
      case 'number':
        return scalar();
      case 'name':
        return this.#name(expression);
      case 'negate':
        return this.#infer(expression.operand);
      case 'transpose': {
        const sizes = this.#matrix(expression.operand);
        return matrix(sizes[1], sizes[0]);
      }
      case 'slice':
        return this.#slice(expression);
      case 'join':
        return this.#join(expression.items);
      case 'call':
        return this.#call(expression);
      case 'binary':
        return this.#binary(expression);
    }
  }

  #name({ name }: Name): ShapeVariable {
    switch (meaningOf(this.#analysed, name)) {
      case 'value':
        return this.#values.get(name) as ShapeVariable;
      case 'input':
        return known(this.#inputs[name] as Shape);
      case 'parameter':
        return this.#parameters.get(name) as ShapeVariable;
      default:
        return scalar();
    }
  }

  #binary(expression: Expression & { readonly kind: 'binary' }): ShapeVariable {
    const { left, right, operator, span } = expression;
    if (operator === '@') {
      const [rows, columns] = this.#matrix(left);
      const operand = this.#infer(right);
      if (!unifyShapes(operand, vector(columns))) {
        throw this.#mismatch(span, ['the matrix has', matrix(rows, columns)], ['the vector', operand], '[m, n] @ [n]');
      }
      return vector(rows);
    }
    const [a, b] = [this.#infer(left), this.#infer(right)];
    if (operator === '·') {
      const size = newSize();
      const fits = unifyShapes(a, vector(size)) && unifyShapes(b, vector(size));
      if (!fits) throw this.#mismatch(span, ['the left side has', a], ['the right', b], 'two vectors of one size');
      return scalar();
    }
    return this.#elementwise(span, [a, b]);
  }

  /** Equal shapes, or scalars beside one shape; a shape not yet known takes the others'. */
  #elementwise(span: Span, operands: readonly ShapeVariable[]): ShapeVariable {
    const wide = operands.filter((operand) => (sizesOf(operand)?.length ?? 1) > 0);
    const [first, ...others] = wide;
    if (!first) return scalar();
    for (const other of others) {
      if (!unifyShapes(first, other))
        throw this.#mismatch(span, ['one operand has', first], ['the other', other], 'equal shapes, or one a scalar');
    }
    return first;
  }

  #matrix(expression: Expression): readonly [Size, Size] {
    const shape = this.#infer(expression);
    const sizes = [newSize(), newSize()] as const;
    if (!unifyShapes(shape, matrix(...sizes))) {
      throw this.#error('EQUATION_SHAPE', expression.span, {
        found: `${shapeText(shape)} to the left of @ or under ᵀ`,
        expected: 'a matrix (for the dot product of two vectors write a · b)',
      });
    }
    return sizes;
  }

  #slice(expression: Expression & { readonly kind: 'slice' }): ShapeVariable {
    const operand = this.#infer(expression.operand);
    for (const bound of [expression.from, expression.to]) this.#checkBound(bound);
    if (!unifyShapes(operand, vector(newSize()))) {
      throw this.#error('EQUATION_SHAPE', expression.span, {
        found: `a slice of ${shapeText(operand)}`,
        expected: 'a vector',
      });
    }
    const whole = sizesOf(operand)?.[0]?.value;
    const [from, to] = sliceBounds(expression, this.#analysed.constants, whole);
    if (to === undefined) return vector(newSize());
    const fits = Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= (whole ?? to);
    if (!fits)
      throw this.#error('EQUATION_SHAPE', expression.span, {
        found: `slice ${from}:${to} of ${shapeText(operand)}`,
        expected: 'whole bounds with 0 ≤ from < to ≤ size',
      });
    return vector({ value: to - from });
  }

  #checkBound(bound: Expression | undefined): void {
    if (bound === undefined || constantValue(bound, this.#analysed.constants) !== undefined) return;
    throw this.#error('EQUATION_CONSTANT', bound.span, {
      found: 'a bound that is computed',
      expected: 'a bound of numbers, sizes and numeric options',
    });
  }

  #join(items: readonly Expression[]): ShapeVariable {
    const shapes = items.map((item) => {
      const shape = this.#infer(item);
      if ((sizesOf(shape)?.length ?? 1) <= 1) return shape;
      throw this.#error('EQUATION_SHAPE', item.span, {
        found: shapeText(shape),
        expected: 'vectors or scalars to join',
      });
    });
    const sizes = shapes.map((shape) => resolved(shape)).map((shape) => (shape ? (shape[0] ?? 1) : undefined));
    if (sizes.some((size) => size === undefined)) return vector(newSize());
    return vector({ value: sizes.reduce<number>((sum, size) => sum + (size as number), 0) });
  }

  #call(expression: Expression & { readonly kind: 'call' }): ShapeVariable {
    const { callee, subscript, span } = expression;
    const shapes = expression.arguments.map((argument) => this.#infer(argument));
    const [first = scalar()] = shapes;
    switch (callee) {
      case 'sum':
      case 'mean':
      case 'max':
      case 'min':
        if (shapes.length > 1) return this.#elementwise(span, shapes);
        if (subscript !== undefined) return first;
        this.#vectorOf(expression, first);
        return scalar();
      case 'logSumExp':
        this.#vectorOf(expression, first);
        return scalar();
      case 'softmax':
      case 'layerNorm':
        if (subscript === undefined) this.#vectorOf(expression, first);
        return first;
      case 'where':
        return this.#elementwise(span, shapes);
      case 'zoneout':
        return this.#elementwise(span, shapes.slice(0, 2));
      default:
        return first;
    }
  }

  #vectorOf({ callee, span }: { readonly callee: string; readonly span: Span }, shape: ShapeVariable): void {
    if (unifyShapes(shape, vector(newSize()))) return;
    throw this.#error('EQUATION_SHAPE', span, {
      found: `${callee} of ${shapeText(shape)}`,
      expected: `${callee} of a vector`,
    });
  }

  #unknown(kind: string, name: string, shape: ShapeVariable): never {
    const sizes = sizesOf(shape)?.length === 2 ? "'units', 'inputs'" : "'units'";
    throw this.#error('EQUATION_SHAPE', endOf(this.#analysed.module), {
      found: `no equation that settles the shape of ${kind} "${name}" of ${this.#analysed.module.name} (so far ${shapeText(shape)})`,
      expected:
        kind === 'parameter' ? `a declared shape: ${name}: { shape: [${sizes}], init: … }` : `its shape in \`shapes\``,
    });
  }

  #mismatch(span: Span, left: Sided, right: Sided, expected: string): EquationError {
    const sides = [left, right].map(([side, shape]) => `${side} ${shapeText(shape)}`);
    return this.#error('EQUATION_SHAPE', span, { found: sides.join(', '), expected });
  }

  #error(code: 'EQUATION_SHAPE' | 'EQUATION_CONSTANT', span: Span, said: Said): EquationError {
    return mistake(code, this.#analysed.module, span, said);
  }
}

/** Bounds of a slice; the end of a slice without one is the operand's `size`, undefined while that is unknown. */
export function sliceBounds(
  { from, to }: Expression & { readonly kind: 'slice' },
  constants: ReadonlyMap<string, number>,
  size: number | undefined,
): readonly [number, number | undefined] {
  const number = (bound: Expression) => constantValue(bound, constants) as number;
  return [from === undefined ? 0 : number(from), to === undefined ? size : number(to)];
}
