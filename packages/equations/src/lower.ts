// Lowers a module's equations to values of a graph: the recurrent core into a scan, everything else around it.

import { type AnalysedModule, isPrevious, learnedParameterOf, meaningOf, type Name } from './analysed.ts';
import { type GraphBuilder, type OpenScan, sortAxes } from './builder.ts';
import { lowerCall } from './calls.ts';
import type { SequenceAxis } from './indices.ts';
import { written } from './indices.ts';
import { constantValue, inferShapes, type ModuleShapes, sliceBounds } from './infer.ts';
import type { Axis, Shape } from './ir.ts';
import type { Bound, Lowering, Placement, Range } from './lowering.ts';
import { mistake } from './mistake.ts';
import { power } from './power.ts';
import { linesAfterLoop } from './recurrent-core.ts';
import { segmentInputs } from './segments.ts';
import { whyWhole } from './streaming.ts';
import type { Expression, Span, Statement } from './syntax/ast.ts';

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
  /** Learned first values of states that `parameters` does not list: name → shape. */
  readonly learned: Readonly<Record<string, Shape>>;
  /** Assigned values by their own name. */
  readonly values: ReadonlyMap<string, number>;
  /** States that live across calls. */
  readonly states: readonly LoweredState[];
  /** A clause about what needs the whole sequence at once, if anything does. */
  readonly whole: string | undefined;
}

/** Lowers `analysed` into `builder`. @throws EquationError */
export function lower(builder: GraphBuilder, analysed: AnalysedModule, placement: Placement): LoweredModule {
  const shapes = inferShapes(
    analysed,
    Object.fromEntries(Object.entries(placement.bindings).map(([name, bound]) => [name, boundShape(builder, bound)])),
    placement.shapes,
  );
  return new ModuleLowering(builder, analysed, placement, shapes).run();
}

function boundShape(builder: GraphBuilder, { id, classes }: Bound): Shape {
  return classes > 0 ? [classes] : builder.shape(id);
}

/** Lowers one module; calls.ts and power.ts see it as a `Lowering`. */
class ModuleLowering implements Lowering {
  readonly builder: GraphBuilder;
  readonly analysed: AnalysedModule;
  readonly placement: Placement;
  readonly #shapes: ModuleShapes;
  readonly #whole: string | undefined;
  readonly #values = new Map<string, number>();
  readonly #carries = new Map<string, number>();
  readonly #learned: Record<string, Shape> = {};
  readonly #states: LoweredState[] = [];
  #begun: ReadonlyMap<string, number> = new Map();
  #line: Statement | undefined;

  constructor(builder: GraphBuilder, analysed: AnalysedModule, placement: Placement, shapes: ModuleShapes) {
    this.builder = builder;
    this.analysed = analysed;
    this.placement = placement;
    this.#shapes = shapes;
    this.#whole = whyWhole(analysed);
  }

  run(): LoweredModule {
    const { counts, begin } = this.placement;
    if (begin) this.#begun = begin(this.#stateShapes());
    if (counts === 'updates') this.#lowerUpdate();
    else if (counts === 'step') this.#lowerStep();
    else this.#lowerSteps();
    return {
      shapes: this.#shapes,
      learned: this.#learned,
      values: this.#values,
      states: this.#states,
      whole: this.#whole,
    };
  }

  carryAcrossCalls(kind: string, shape: Shape, final: (before: number | undefined) => number): number {
    if (this.#whole !== undefined || !this.placement.streams) return final(undefined);
    const base = `${this.placement.prefix}.${(this.#line as Statement).name}.${kind}`;
    const taken = (name: string) => this.#states.some((state) => state.name === name);
    let name = base;
    for (let number = 2; taken(name); number++) name = `${base}${number}`;
    const end = final(this.builder.state(name, shape));
    this.#states.push({ name, shape, final: end });
    return end;
  }

  complete(pooled: number): number {
    const state = this.#states.find(({ final }) => final === pooled);
    const { builder } = this;
    if (!state) return pooled;
    if (!this.placement.segments) return builder.same(pooled);
    const whole = builder.input(segmentInputs.final(state.name), state.shape, ['batch']);
    return builder.where(builder.input(segmentInputs.ends, [], ['batch']), builder.constant(0.5), pooled, whole);
  }

  constantOf(expression: Expression, what: string): number {
    const value = constantValue(expression, this.analysed.constants);
    if (value !== undefined) return value;
    throw mistake('EQUATION_CONSTANT', this.analysed.module, expression.span, {
      found: `${what} that is computed`,
      expected: `${what} as a number or a numeric option`,
    });
  }

  rangeOf(index: string, span: Span): Range {
    const { source, counts, length } = this.placement;
    const role = this.#roleOf(index);
    if (source && role === 'time*') return source;
    if (counts === 'step')
      throw mistake('EQUATION_INDEX', this.analysed.module, span, {
        found: `all steps at once, by the index "${index}"`,
        expected: 'values of this step and the one before: a network that is handed a memory takes one step at a time',
      });
    return { axis: role, length: () => length ?? this.builder.length(), cut: length !== undefined };
  }

  maskAxes(value: number): readonly Axis[] {
    const steps = this.#rolesOf(this.#line as Statement).filter((role) => role === 'time');
    const own = steps.map((role) => this.#axisOf(role)).filter((axis) => axis !== undefined);
    return sortAxes(['batch', ...own, ...this.builder.at(value).over]);
  }

  dense(expression: Expression): number {
    const oneHot = this.#oneHot(expression);
    if (oneHot === undefined) return this.#lower(expression);
    const { id, classes } = oneHot;
    return this.builder.scatterAdd(id, this.builder.constant(1), 0, [classes], this.builder.at(id).over);
  }

  boundInput(expression: Expression): Bound | undefined {
    if (expression.kind !== 'name' || meaningOf(this.analysed, expression.name) !== 'input') return undefined;
    return this.placement.bindings[expression.name];
  }

  #lowerUpdate(): void {
    const { states, tree } = this.analysed;
    for (const name of states) this.#carries.set(name, this.builder.parameter(name, this.#shape(name)));
    for (const statement of tree.statements) this.#values.set(statement.name, this.#lowerLine(statement));
    for (const name of states)
      this.#states.push({ name, shape: this.#shape(name), final: this.#values.get(name) as number });
  }

  /** One step alone: states are read as they were and handed back as they are then. */
  #lowerStep(): void {
    const { states, tree } = this.analysed;
    for (const name of states) this.#carries.set(name, this.#initial(name));
    for (const statement of tree.statements) this.#assign(statement);
    for (const name of states) {
      const shape = this.#shape(name);
      const final = this.builder.expand(this.#values.get(name) as number, shape, ['batch']);
      this.#states.push({ name: `${this.placement.prefix}.${name}`, shape, final });
    }
  }

  #lowerSteps(): void {
    const { statements } = this.analysed.tree;
    const after = linesAfterLoop(this.analysed);
    const scan = this.#open();
    for (const statement of statements) if (!after.has(statement.name)) this.#assign(statement);
    if (scan) this.#close(scan);
    for (const statement of statements) if (after.has(statement.name)) this.#assign(statement);
  }

  #open(): OpenScan | undefined {
    const { states } = this.analysed;
    if (states.length === 0) return undefined;
    const carries = states.map((name) => ({ name: `${this.placement.prefix}.${name}`, init: this.#initial(name) }));
    const scan = this.builder.openScan(this.placement.reverse, carries);
    states.forEach((name, i) => {
      this.#carries.set(name, scan.leaves[i] as number);
    });
    return scan;
  }

  #close(scan: OpenScan): void {
    const { states } = this.analysed;
    this.builder.closeScan(
      scan,
      states.map((name, i) => this.#untilEnd(this.#values.get(name) as number, scan.leaves[i] as number)),
    );
    states.forEach((name, index) => {
      const final = this.builder.final(scan.scan, index);
      this.#states.push({ name: `${this.placement.prefix}.${name}`, shape: this.#shape(name), final });
    });
    for (const [name, id] of this.#values) this.#values.set(name, this.builder.stack(id));
    for (const [name, id] of this.#carries) this.#carries.set(name, this.builder.stack(id));
  }

  /** A state after a step; as it was where the module's own steps have ended before the sequence does. */
  #untilEnd(after: number, before: number): number {
    const { builder, placement } = this;
    if (placement.length === undefined) return after;
    return builder.where(placement.length, builder.position('time'), after, before);
  }

  #stateShapes(): Readonly<Record<string, Shape>> {
    return Object.fromEntries(this.analysed.states.map((name) => [name, this.#shape(name)]));
  }

  /** Zero or given: what the caller hands in. Learned, or computed of a source: that where the sequence begins. */
  #initial(name: string): number {
    const { builder } = this;
    const { prefix } = this.placement;
    const shape = this.#shape(name);
    const given = builder.state(`${prefix}.${name}`, shape);
    const begun = this.#begun.get(name);
    if (begun !== undefined) return builder.where(builder.constant(0.5), builder.start(), begun, given);
    const parameter = learnedParameterOf(this.analysed, name);
    if (parameter === undefined) return given;
    if (!Object.hasOwn(this.analysed.module.parameters, parameter)) this.#learned[parameter] = shape;
    const learned = builder.parameter(`${prefix}.${parameter}`, shape);
    return builder.where(builder.constant(0.5), builder.start(), learned, given);
  }

  #shape(name: string): Shape {
    return this.#shapes.values[name] as Shape;
  }

  #assign(statement: Statement): void {
    this.#values.set(statement.name, this.#spread(statement, this.#lowerLine(statement)));
  }

  #lowerLine(statement: Statement): number {
    this.#line = statement;
    return this.dense(statement.value);
  }

  /** What an index of the line at hand stands for: `time` its step, `time*` another one or a position of the source. */
  #roleOf(index: string): SequenceAxis {
    return this.analysed.axes.get((this.#line as Statement).name)?.get(index) as SequenceAxis;
  }

  /** What the indices on a line's left-hand side stand for. */
  #rolesOf({ name, indices }: Statement): readonly SequenceAxis[] {
    const axes = this.analysed.axes.get(name);
    return indices.map((index) => axes?.get(index.name) as SequenceAxis);
  }

  /** The graph's axis of what an index stands for; a single step has none. */
  #axisOf(role: SequenceAxis): SequenceAxis | undefined {
    const { source, counts } = this.placement;
    if (role === 'time*' && source) return source.axis;
    return role === 'time' && counts === 'step' ? undefined : role;
  }

  /** Whether a line depends on the step, though its left-hand side has no index of it. */
  #lacksStep(statement: Statement, scope: number): boolean {
    const roles = this.#rolesOf(statement);
    if (roles.includes('time')) return false;
    const { source, counts } = this.placement;
    if (counts === 'step') return [...(this.analysed.axes.get(statement.name)?.values() ?? [])].includes('time');
    return scope >= 0 || (!source && roles.length > 0);
  }

  /** A value may range over no axis that its left-hand side lacks; it is repeated over those that it has. */
  #spread(statement: Statement, id: number): number {
    const roles = this.#rolesOf(statement);
    const axes = roles.map((role) => this.#axisOf(role)).filter((axis) => axis !== undefined);
    const { over, scope, shape } = this.builder.at(id);
    const extra = over.some((axis) => axis !== 'batch' && !axes.includes(axis));
    const lacksStep = this.#lacksStep(statement, scope);
    if (extra || lacksStep) {
      throw mistake('EQUATION_INDEX', this.analysed.module, statement.target, {
        found: `"${written(statement)}" without an index that its right-hand side has`,
        expected: `"${statement.name}[${this.analysed.mainIndex ?? 's'}]", or a sum, mean or max over the index`,
      });
    }
    const wanted: readonly Axis[] = axes.length < roles.length ? ['batch', ...axes] : axes;
    const missing = wanted.filter((axis) => !over.includes(axis) && (scope < 0 || axis !== 'time'));
    return missing.length === 0 ? id : this.builder.expand(id, shape, ['batch', ...missing]);
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
        const [size = 0] = builder.shape(operand);
        const [from = 0, to = size] = sliceBounds(expression, this.analysed.constants, size);
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
        throw new RangeError(`"${operator}" gives no value`);
    }
  }

  /** A product with a one-hot vector is a look-up of a column, or of a row of the transposed matrix. */
  #product(left: Expression, right: Expression): number {
    const { operand, transposed } = withoutTransposes(left);
    const matrix = this.dense(operand);
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
    return { ...bound, id: this.#name(expression as Name) };
  }

  #name(expression: Name): number {
    const { builder } = this;
    const { name } = expression;
    switch (meaningOf(this.analysed, name)) {
      case 'parameter':
        return builder.parameter(`${this.placement.prefix}.${name}`, this.#shapes.parameters[name] as Shape);
      case 'input':
        return this.#indexed(expression, (this.placement.bindings[name] as Bound).id);
      case 'value':
        if (isPrevious(expression)) return this.#carries.get(name) as number;
        return this.#indexed(expression, this.#values.get(name) as number);
      default:
        return name === 't'
          ? this.#stepNumber(expression)
          : builder.constant(this.analysed.constants.get(name) as number);
    }
  }

  /** A value as its indices pick it: over the steps of the line, or over all steps once more. */
  #indexed(expression: Name, id: number): number {
    if (this.placement.counts === 'updates') return id;
    const { name, indices } = expression;
    const roles = this.#rolesOfName(name);
    if (indices.length !== roles.length)
      throw mistake('EQUATION_INDEX', this.analysed.module, expression.span, {
        found: `"${written(expression)}"`,
        expected:
          roles.length === 0 ? `"${name}"` : `"${name}[${roles[0] === 'time*' ? 's' : this.analysed.mainIndex}]"`,
      });
    const [[only], [role]] = [indices, roles];
    if (!only || roles.length > 1) return id;
    if (!this.placement.source) return this.builder.rename(id, this.#roleOf(only.name));
    if (this.#roleOf(only.name) === role) return id;
    const { mainIndex } = this.analysed;
    throw mistake('EQUATION_INDEX', this.analysed.module, expression.span, {
      found: `"${written(expression)}"`,
      expected:
        role === 'time'
          ? `"${name}[${mainIndex}]": "${only.name}" ranges over the source, which has no "${name}"`
          : `"${name}" by an index of the source, such as "${name}[s]"`,
    });
  }

  /** What the indices of an assigned value or of an input stand for. */
  #rolesOfName(name: string): readonly SequenceAxis[] {
    const statement = this.analysed.statements.get(name);
    if (statement) return this.#rolesOf(statement);
    const { id, ofSource = false } = this.placement.bindings[name] as Bound;
    if (ofSource) return ['time*'];
    const { over } = this.builder.at(id);
    if (this.placement.counts === 'step') return ['time'];
    return over.filter((axis) => axis !== 'batch');
  }

  /** The number of this step in the whole sequence, from 1 in the direction of the scan; of this update for an optimizer. */
  #stepNumber({ span }: Name): number {
    const { builder } = this;
    if (this.placement.counts === 'nothing')
      throw mistake('EQUATION_INDEX', this.analysed.module, span, {
        found: 'the step number "t", where there are no steps',
        expected: 'values of the source alone: these are the first values of states',
      });
    if (this.placement.counts === 'updates') return builder.parameter('t', []);
    const { reverse, length, counts } = this.placement;
    if (counts === 'step') return builder.add(builder.start(), builder.constant(1));
    const position = builder.position('time');
    if (reverse) return builder.subtract(length ?? builder.length(), position);
    // A source is always read from its beginning.
    if (length !== undefined) return builder.add(position, builder.constant(1));
    return builder.add(builder.add(builder.start(), position), builder.constant(1));
  }
}

/** A matrix, and whether it is transposed after all. */
function withoutTransposes(expression: Expression): { readonly operand: Expression; readonly transposed: boolean } {
  if (expression.kind !== 'transpose') return { operand: expression, transposed: false };
  const { operand, transposed } = withoutTransposes(expression.operand);
  return { operand, transposed: !transposed };
}
