// Lowers a module's equations to values of a graph: the recurrent core into a scan, everything else around it.

import type { GraphBuilder, OpenScan } from './builder.ts';
import { lowerCall } from './calls.ts';
import { constantValue, inferShapes, type ModuleShapes, sliceBounds } from './infer.ts';
import type { Axis, Shape } from './ir.ts';
import { mistake } from './mistake.ts';
import { type AnalysedModule, childrenOf, namesIn } from './module.ts';
import { power } from './power.ts';
import type { Expression, Index, Statement } from './syntax/ast.ts';

/** A value bound from outside. */
export interface Bound {
  /** Its value; for a one-hot vector the class number. */
  readonly id: number;
  /** Size of the one-hot vector that it stands for, or 0. */
  readonly classes: number;
  /** Which of its units run which way over time, so that `last_s` knows where each one's last step is; all forward unless said. */
  readonly parts?: readonly Part[];
}

/** Units `from` (inclusive) to `to` (exclusive) of a value, and which way they were computed. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly reverse: boolean;
}

/** Where a module stands and what surrounds it. */
export interface Placement {
  /** Its place in the network: `layers.0.forward`. */
  readonly prefix: string;
  /** Inputs by name. */
  readonly bindings: Readonly<Record<string, Bound>>;
  /** Whether its scan runs backward. */
  readonly reverse: boolean;
  /** What `[t]` counts: steps of a sequence, or updates of an optimizer (no scan: states are read and handed back). */
  readonly counts: 'steps' | 'updates';
  /** The network's next number for a random site. */
  readonly nextSite: () => number;
}

/** A state that lives across calls. */
export interface LoweredState {
  /** Full name: `layers.0.h`. */
  readonly name: string;
  /** Shape of one row. */
  readonly shape: Shape;
  /** Its value at the end. */
  readonly final: number;
}

/** A lowered module. */
export interface LoweredModule {
  /** Shapes of its parameters and values. */
  readonly shapes: ModuleShapes;
  /** Learned initial states: parameter name → shape. */
  readonly learned: Readonly<Record<string, Shape>>;
  /** Assigned values by their own name. */
  readonly values: ReadonlyMap<string, number>;
  /** States that live across calls. */
  readonly states: readonly LoweredState[];
  /** A sentence about what needs the whole sequence at once, if anything does. */
  readonly whole: string | undefined;
}

/** Lowers `analysed` into `builder`. @throws EquationError */
export function lower(builder: GraphBuilder, analysed: AnalysedModule, placement: Placement): LoweredModule {
  const shapes = inferShapes(
    analysed,
    Object.fromEntries(Object.entries(placement.bindings).map(([name, bound]) => [name, boundShape(builder, bound)])),
  );
  return new Lowering(builder, analysed, placement, shapes).run();
}

function boundShape(builder: GraphBuilder, { id, classes }: Bound): Shape {
  return classes > 0 ? [classes] : builder.shape(id);
}

/** Lowers one module; calls.ts lowers its function calls through this. */
export class Lowering {
  readonly builder: GraphBuilder;
  readonly analysed: AnalysedModule;
  readonly placement: Placement;
  readonly #shapes: ModuleShapes;
  readonly #values = new Map<string, number>();
  readonly #carries = new Map<string, number>();
  readonly #learned: Record<string, Shape> = {};
  readonly #states: LoweredState[] = [];
  readonly #mainIndex: string;
  #scanClosed = true;
  #statement: Statement | undefined;
  #whole: string | undefined;

  constructor(builder: GraphBuilder, analysed: AnalysedModule, placement: Placement, shapes: ModuleShapes) {
    this.builder = builder;
    this.analysed = analysed;
    this.placement = placement;
    this.#shapes = shapes;
    const indices = analysed.tree.statements.flatMap((statement) => indicesOf(statement));
    this.#mainIndex = indices.some(({ name }) => name === 't') ? 't' : (indices[0]?.name ?? 't');
  }

  run(): LoweredModule {
    const { statements } = this.analysed.tree;
    if (this.placement.counts === 'updates') this.#lowerUpdate(statements);
    else {
      const inCore = this.#recurrentCore();
      const scan = this.#open();
      for (const statement of statements) if (!inCore.after.has(statement.name)) this.#assign(statement);
      if (scan) this.#close(scan);
      for (const statement of statements) if (inCore.after.has(statement.name)) this.#assign(statement);
    }
    return {
      shapes: this.#shapes,
      learned: this.#learned,
      values: this.#values,
      states: this.#states,
      whole: this.#whole,
    };
  }

  /** Adds a state that lives across calls; returns its value before this call. */
  carryAcrossCalls(name: string, shape: Shape, final: (before: number) => number): number {
    const full = `${this.placement.prefix}.${name}`;
    const known = this.#states.find((state) => state.name === full);
    if (known) return known.final;
    const end = final(this.builder.state(full, shape));
    this.#states.push({ name: full, shape, final: end });
    return end;
  }

  /** A name for a state of the statement being lowered that no other has: `p.sum`, `p.sum2`. */
  freshStateName(kind: string): string {
    const base = `${this.#statement?.name ?? 'value'}.${kind}`;
    const taken = (name: string) => this.#states.some((state) => state.name === `${this.placement.prefix}.${name}`);
    let name = base;
    for (let number = 2; taken(name); number++) name = `${base}${number}`;
    return name;
  }

  /** Says that the module needs the whole sequence at once. */
  needsWholeSequence(sentence: string): void {
    this.#whole ??= sentence;
  }

  /** The constant that an expression must be. @throws EquationError `EQUATION_CONSTANT` */
  constantOf(expression: Expression, what: string): number {
    const value = constantValue(expression, this.analysed.constants);
    if (value !== undefined) return value;
    throw mistake('EQUATION_CONSTANT', this.analysed.module, expression.span, {
      found: `${what} that is computed`,
      expected: `${what} as a number or a numeric option`,
    });
  }

  /** The axis that an index ranges over in the statement being lowered. */
  axisOf(index: string): 'time' | 'time*' {
    if (index === this.#mainIndex) return 'time';
    const statement = this.#statement as Statement;
    const readsMain = indicesOf(statement).some(({ name }) => name === this.#mainIndex) || readsStep(statement.value);
    return readsMain ? 'time*' : 'time';
  }

  /** Whether the statement being lowered has a value at each step. */
  get stepwise(): boolean {
    return (this.#statement?.indices.length ?? 0) > 0;
  }

  /** A value as the vector, matrix or scalar that it is; a one-hot vector is made whole. */
  dense(expression: Expression): number {
    const oneHot = this.#oneHot(expression);
    if (oneHot === undefined) return this.#lower(expression);
    const { id, classes } = oneHot;
    return this.builder.scatterAdd(id, this.builder.constant(1), 0, [classes], this.builder.at(id).over);
  }

  /** The bound input that `expression` names, where it is just that. */
  boundInput(expression: Expression): Bound | undefined {
    if (expression.kind !== 'name' || this.analysed.meaning(expression) !== 'input') return undefined;
    return this.placement.bindings[expression.name];
  }

  #lowerUpdate(statements: readonly Statement[]): void {
    for (const name of this.analysed.states) this.#carries.set(name, this.builder.parameter(name, this.#shape(name)));
    for (const statement of statements) this.#assign(statement);
    for (const name of this.analysed.states) {
      const final = this.#values.get(name) as number;
      this.#states.push({ name, shape: this.#shape(name), final });
    }
  }

  /**
   * Statements that need not be computed inside the loop although they depend on a state: `after` the scan they see all
   * steps at once, so that an output layer is one product.
   */
  #recurrentCore(): { readonly after: ReadonlySet<string> } {
    const { tree, states, statements } = this.analysed;
    const dependent = new Set<string>();
    const wholeReaders = new Set<string>();
    for (const { name, value } of tree.statements) {
      for (const read of namesIn(value)) {
        if (!statements.has(read.name)) continue;
        const previous = read.indices.some(({ offset }) => offset === -1);
        if (previous || dependent.has(read.name)) dependent.add(name);
        const wholeRead = dependent.has(read.name) && read.indices.some((index) => index.name !== this.#mainIndex);
        if (wholeRead && !this.#isTwoIndexed(read.name)) wholeReaders.add(name);
      }
    }
    const needed = new Set<string>();
    const visit = (name: string): void => {
      const statement = statements.get(name);
      if (needed.has(name) || !statement) return;
      needed.add(name);
      for (const read of namesIn(statement.value))
        if (read.indices.every(({ offset }) => offset === 0)) visit(read.name);
    };
    for (const state of states) visit(state);
    const cyclic = [...needed].find((name) => wholeReaders.has(name));
    if (cyclic !== undefined)
      throw mistake('EQUATION_INDEX', this.analysed.module, (statements.get(cyclic) as Statement).span, {
        found: `"${cyclic}" reads every step of a value that is still being computed step by step`,
        expected: 'a second index over values that do not depend on the state',
      });
    return { after: new Set([...dependent].filter((name) => !needed.has(name))) };
  }

  #isTwoIndexed(name: string): boolean {
    return this.analysed.statements.get(name)?.indices.length === 2;
  }

  #open(): OpenScan | undefined {
    const { states } = this.analysed;
    if (states.length === 0) return undefined;
    const carries = states.map((name) => ({ name: `${this.placement.prefix}.${name}`, init: this.#initial(name) }));
    const scan = this.builder.openScan(this.placement.reverse, carries);
    states.forEach((name, i) => {
      this.#carries.set(name, scan.leaves[i] as number);
    });
    this.#scanClosed = false;
    return scan;
  }

  #close(scan: OpenScan): void {
    const { states } = this.analysed;
    this.builder.closeScan(
      scan,
      states.map((name) => this.#values.get(name) as number),
    );
    states.forEach((name, index) => {
      const final = this.builder.final(scan.scan, index);
      this.#states.push({ name: `${this.placement.prefix}.${name}`, shape: this.#shape(name), final });
    });
    for (const [name, id] of this.#values) this.#values.set(name, this.builder.stack(id));
    for (const [name, id] of this.#carries) this.#carries.set(name, this.builder.stack(id));
    this.#scanClosed = true;
  }

  /** Zero or given: what the caller hands in. Learned: a parameter where the sequence begins. */
  #initial(name: string): number {
    const { builder } = this;
    const shape = this.#shape(name);
    const given = builder.state(`${this.placement.prefix}.${name}`, shape);
    if (this.analysed.module.initial[name] !== 'learned') return given;
    const parameter = `${name}0`;
    this.#learned[parameter] = shape;
    const learned = builder.parameter(`${this.placement.prefix}.${parameter}`, shape);
    return builder.where(builder.constant(0.5), builder.start(), learned, given);
  }

  #shape(name: string): Shape {
    return this.#shapes.values[name] as Shape;
  }

  #assign(statement: Statement): void {
    this.#statement = statement;
    const id = this.dense(statement.value);
    const expanded = this.builder.expand(id, this.#shape(statement.name), []);
    this.#values.set(statement.name, this.#checkAxes(statement, expanded));
  }

  /** A value may range over no axis that its left-hand side lacks; it is repeated over those that it has. */
  #checkAxes(statement: Statement, id: number): number {
    if (this.placement.counts === 'updates') return id;
    const axes = statement.indices.map(({ name }) => this.axisOf(name));
    const value = this.builder.at(id);
    const extra = value.over.find((axis) => axis !== 'batch' && !axes.includes(axis as 'time' | 'time*'));
    if (extra !== undefined || (value.scope >= 0 && !axes.includes('time'))) {
      throw mistake('EQUATION_INDEX', this.analysed.module, statement.target, {
        found: `"${statement.name}" without the index that its right-hand side has`,
        expected: `"${statement.name}[${this.#mainIndex}]", or a sum, mean or max over the index`,
      });
    }
    const missing = axes.filter((axis) => !value.over.includes(axis) && (value.scope < 0 || axis !== 'time'));
    return missing.length === 0 ? id : this.builder.expand(id, value.shape, ['batch', ...missing]);
  }

  #lower(expression: Expression): number {
    const { builder } = this;
    switch (expression.kind) {
      case 'number':
        return builder.constant(expression.value);
      case 'name':
        return this.#name(expression);
      case 'negate':
        return builder.negate(this.dense(expression.operand));
      case 'transpose':
        throw mistake('EQUATION_SHAPE', this.analysed.module, expression.span, {
          found: 'a transposed matrix that is not multiplied with a vector',
          expected: 'Wᵀ @ v',
        });
      case 'slice': {
        const operand = this.dense(expression.operand);
        const bounds = sliceBounds(expression, this.analysed.constants, builder.shape(operand)[0]);
        const [from, to] = bounds as readonly [number, number];
        return builder.slice(operand, from, to);
      }
      case 'join':
        return builder.join(expression.items.map((item) => this.dense(item)));
      case 'call':
        return lowerCall(this, expression);
      case 'binary':
        return this.#binary(expression);
    }
  }

  #binary(expression: Expression & { readonly kind: 'binary' }): number {
    const { builder } = this;
    const { operator, left, right } = expression;
    if (operator === '@') return this.#product(left, right);
    if (operator === '·') return this.#dot(left, right);
    if (operator === '^') return power(this, left, right);
    const [a, b] = [this.dense(left), this.dense(right)];
    switch (operator) {
      case '+':
        return builder.add(a, b);
      case '-':
        return builder.subtract(a, b);
      case '*':
        return builder.multiply(a, b);
      case '/':
        return builder.divide(a, b);
      default:
        throw mistake('EQUATION_SHAPE', this.analysed.module, expression.span, {
          found: `a comparison with ${operator}`,
          expected: 'comparisons only as the first argument of where',
        });
    }
  }

  /** A product with a one-hot vector is a look-up of a column, or of a row of the transposed matrix. */
  #product(left: Expression, right: Expression): number {
    const transposed = left.kind === 'transpose';
    const matrix = this.dense(transposed ? left.operand : left);
    const oneHot = this.#oneHot(right);
    if (oneHot) return this.builder.gather(matrix, oneHot.id, transposed ? 0 : 1);
    return this.builder.matmul(matrix, this.dense(right), transposed);
  }

  #dot(left: Expression, right: Expression): number {
    for (const [vector, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const oneHot = this.#oneHot(other);
      if (oneHot) return this.builder.gather(this.dense(vector), oneHot.id, 0);
    }
    return this.builder.sumUnits(this.builder.multiply(this.dense(left), this.dense(right)));
  }

  #oneHot(expression: Expression): Bound | undefined {
    const bound = this.boundInput(expression);
    if (!bound || bound.classes === 0) return undefined;
    return { ...bound, id: this.#name(expression as Expression & { readonly kind: 'name' }) };
  }

  #name(expression: Expression & { readonly kind: 'name' }): number {
    const { builder } = this;
    const { name, indices } = expression;
    switch (this.analysed.meaning(expression)) {
      case 'constant':
        return name === 't' ? this.#stepNumber() : builder.constant(this.analysed.constants.get(name) as number);
      case 'parameter':
        this.#checkIndices(expression, 0);
        return builder.parameter(`${this.placement.prefix}.${name}`, this.#shapes.parameters[name] as Shape);
      case 'input':
        return this.#indexed(expression, (this.placement.bindings[name] as Bound).id);
      case 'value': {
        if (indices.some(({ offset }) => offset === -1)) return this.#carries.get(name) as number;
        const id = this.#values.get(name);
        if (id === undefined)
          throw mistake('EQUATION_NAME', this.analysed.module, expression.span, {
            found: `"${name}" before the line that assigns it`,
            expected: `lines in order, or "${name}[${this.#mainIndex}-1]" for the previous step`,
          });
        return this.#indexed(expression, id);
      }
    }
  }

  #indexed(expression: Expression & { readonly kind: 'name' }, id: number): number {
    if (this.placement.counts === 'updates') return id;
    const { indices } = expression;
    const value = this.builder.at(id);
    const inside = value.scope >= 0;
    const has = value.over.filter((axis) => axis !== 'batch').length + (inside ? 1 : 0);
    this.#checkIndices(expression, has);
    const [first] = indices;
    if (indices.length !== 1 || !first) return id;
    const axis = this.axisOf(first.name);
    if (axis === 'time' || !inside) return this.builder.rename(id, axis);
    throw mistake('EQUATION_INDEX', this.analysed.module, expression.span, {
      found: `every step of "${expression.name}", which is still being computed step by step`,
      expected: `"${expression.name}[${this.#mainIndex}-1]", or a value that does not depend on the state`,
    });
  }

  #checkIndices(expression: Expression & { readonly kind: 'name' }, expected: number): void {
    if (this.placement.counts === 'updates' || expression.indices.length === expected) return;
    const { name } = expression;
    const written = ['', `[${this.#mainIndex}]`, `[${this.#mainIndex},s]`][expected] ?? '';
    throw mistake('EQUATION_INDEX', this.analysed.module, expression.span, {
      found: `"${name}" with ${expression.indices.length} indices`,
      expected: `"${name}${written}"`,
    });
  }

  /** The number of this step in the whole sequence, from 1 in the direction of the scan; of this update for an optimizer. */
  #stepNumber(): number {
    const { builder } = this;
    if (this.placement.counts === 'updates') return builder.parameter('t', []);
    const position = builder.position('time');
    if (this.placement.reverse) return builder.subtract(builder.length(), position);
    return builder.add(builder.add(builder.start(), position), builder.constant(1));
  }

  /** Axes of a new random mask: of each step, or of the sequence. */
  maskAxes(per: 'step' | 'sequence'): readonly Axis[] {
    return per === 'step' && (this.stepwise || !this.#scanClosed) ? ['batch', 'time'] : ['batch'];
  }
}

function indicesOf(statement: Statement): readonly Index[] {
  return [...statement.indices, ...namesIn(statement.value).flatMap(({ indices }) => indices)];
}

/** Whether the step number `t` is read. */
function readsStep(expression: Expression): boolean {
  if (expression.kind === 'name') return expression.name === 't' && expression.indices.length === 0;
  return childrenOf(expression).some(readsStep);
}
