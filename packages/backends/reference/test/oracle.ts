// Evaluates a network from its equations' syntax trees, one number at a time, as the language is explained to a reader.
//
// It shares no code with the interpreter but the parser: no graph, no axes, no loops that are scheduled. A value is looked
// up by its name and the positions of its indices.
import type { EquationModule, NetworkDescription } from '@unrolled/core';
import { type Expression, parse, type Statement } from '@unrolled/equations';

/** A scalar, a vector or a matrix. */
export type Value = number | readonly number[] | readonly (readonly number[])[];

/** One sequence as the oracle sees it. */
export interface Sequence {
  readonly steps: number;
  /** Steps before this batch. */
  readonly start: number;
  /** `x[t]`, one-hot vectors written out; zeros beyond the end. */
  readonly x: (step: number) => Value;
  readonly target: (step: number) => Value;
  readonly parameter: (name: string) => Value;
  readonly state: (name: string) => Value;
}

/** What comes out: outputs by step (or the one), and the loss of each. */
export interface Outcome {
  readonly outputs: readonly Value[];
  readonly losses: readonly number[];
}

type Positions = Readonly<Record<string, number>>;

interface Surroundings {
  readonly prefix: string;
  readonly sequence: Sequence;
  readonly inputs: Readonly<Record<string, (step: number) => Value>>;
  readonly reverse: boolean;
  /** For each unit of an input, whether it was computed backward. */
  readonly backward?: readonly boolean[];
  readonly sizes: Readonly<Record<string, number>>;
}

/** Runs `network` over one sequence, without random masks. */
export function evaluate(network: NetworkDescription, sequence: Sequence): Outcome {
  const { input, layers, output, loss, target } = network;
  const inputSizes = input.kind === 'ids' ? { vocabulary: input.vocabulary } : { inputs: input.size };
  let x = sequence.x;
  if (input.module) {
    const module = new Module(input.module, surround('input', sequence, { x }, inputSizes));
    const name = input.module.output;
    x = (step) => module.at(name, [step]);
  }
  let backward: readonly boolean[] | undefined;
  layers.forEach(({ module, direction }, number) => {
    const from = x;
    const before = backward;
    const size = (from(0) as readonly number[]).length;
    const runs = direction === 'both' ? (['forward', 'backward'] as const) : [direction];
    const modules = runs.map((run) => {
      const prefix = direction === 'both' ? `layers.${number}.${run}` : `layers.${number}`;
      const around = surround(prefix, sequence, { x: from }, { inputs: size }, run === 'backward', before);
      return new Module(module, around);
    });
    x = (step) => modules.flatMap((each) => each.at(module.output, [step]) as readonly number[]);
    backward = runs.flatMap((run, i) => (modules[i] as Module).vector(module.output).map(() => run === 'backward'));
  });
  const hidden = (x(0) as readonly number[]).length;
  const head = new Module(output, surround('output', sequence, { h: x }, { hidden }, false, backward));
  const perStep = target.per === 'step';
  const outputs = perStep
    ? Array.from({ length: sequence.steps }, (_, step) => head.at(output.output, [step]))
    : [head.at(output.output, [])];
  const losses = outputs.map((y, step) => {
    const inputs = { y: () => y, target: () => sequence.target(step) };
    return loss ? (new Module(loss, surround('loss', sequence, inputs, {})).at(loss.output, []) as number) : 0;
  });
  return { outputs, losses: perStep || sequence.steps > 0 ? losses : [] };
}

function surround(
  prefix: string,
  sequence: Sequence,
  inputs: Surroundings['inputs'],
  sizes: Surroundings['sizes'],
  reverse = false,
  backward?: readonly boolean[],
): Surroundings {
  return { prefix, sequence, inputs, sizes, reverse, ...(backward && { backward }) };
}

class Module {
  readonly #module: EquationModule;
  readonly #around: Surroundings;
  readonly #statements: ReadonlyMap<string, Statement>;
  readonly #known = new Map<string, Value>();

  constructor(module: EquationModule, around: Surroundings) {
    this.#module = module;
    this.#around = around;
    this.#statements = new Map(parse(module.equations).statements.map((each) => [each.name, each]));
  }

  /** A value at the positions of its indices. */
  at(name: string, positions: readonly number[]): Value {
    const key = `${name} ${positions.join(' ')}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { indices, value } = this.#statements.get(name) as Statement;
    const value_ = this.#evaluate(
      value,
      Object.fromEntries(indices.map((index, i) => [index.name, positions[i] as number])),
    );
    this.#known.set(key, value_);
    return value_;
  }

  /** A step's vector, whatever it holds. */
  vector(name: string): readonly number[] {
    return this.at(name, [0]) as readonly number[];
  }

  #evaluate(expression: Expression, at: Positions): Value {
    const inside = (each: Expression) => this.#evaluate(each, at);
    switch (expression.kind) {
      case 'number':
        return expression.value;
      case 'name':
        return this.#name(expression, at);
      case 'negate':
        return map((a) => -a, inside(expression.operand));
      case 'transpose': {
        const matrix = inside(expression.operand) as number[][];
        return (matrix[0] as number[]).map((_, column) => matrix.map((row) => row[column] as number));
      }
      case 'slice': {
        const { operand, from, to } = expression;
        const vector = inside(operand) as readonly number[];
        return vector.slice(from && (inside(from) as number), to && (inside(to) as number));
      }
      case 'join':
        return expression.items.flatMap((item) => inside(item) as number[]);
      case 'call':
        return this.#call(expression, at);
      case 'binary':
        return binary(expression.operator, inside(expression.left), inside(expression.right));
    }
  }

  #name({ name, indices }: Expression & { readonly kind: 'name' }, at: Positions): Value {
    const { prefix, sequence, inputs, reverse, sizes } = this.#around;
    const positions = indices.map((index) => at[index.name] as number);
    const { constants, parameters, sizes: own } = this.#module;
    if (indices.some(({ offset }) => offset === -1)) return this.#previous(name, positions[0] as number);
    if (this.#statements.has(name)) return this.at(name, positions);
    if (name in inputs) return (inputs[name] as (step: number) => Value)(positions[0] ?? 0);
    if (name in parameters) return sequence.parameter(`${prefix}.${name}`);
    if (name === 't') return reverse ? sequence.steps - (at.t as number) : sequence.start + (at.t as number) + 1;
    return ({ ...constants, ...sizes, ...own } as Record<string, number>)[name] as number;
  }

  #previous(name: string, step: number): Value {
    const { prefix, sequence, reverse } = this.#around;
    const first = reverse ? step >= sequence.steps - 1 : step <= 0;
    if (!first) return this.at(name, [step + (reverse ? 1 : -1)]);
    const learned = this.#module.initial[name] === 'learned' && sequence.start === 0;
    return learned ? sequence.parameter(`${prefix}.${name}0`) : sequence.state(`${prefix}.${name}`);
  }

  #call({ callee, subscript, arguments: given }: Expression & { readonly kind: 'call' }, at: Positions): Value {
    const [first, second, third] = given as [Expression, Expression, Expression];
    const inside = (each: Expression) => this.#evaluate(each, at);
    if (subscript !== undefined) return this.#over(callee, subscript, first, at);
    if (callee === 'where') {
      const { operator, left, right } = first as Expression & { readonly kind: 'binary' };
      const holds = zip((a, b) => Number(operator === '>' ? a > b : a < b), inside(left), inside(right));
      return zip(
        (a, b) => a + b,
        zip((c, a) => (c ? a : 0), holds, inside(second)),
        zip((c, a) => (c ? 0 : a), holds, inside(third)),
      );
    }
    if (callee === 'zoneout') {
      const rate = inside(third) as number;
      return zip((fresh, old) => rate * old + (1 - rate) * fresh, inside(first), inside(second));
    }
    if (callee === 'dropout' || callee === 'dropoutSequence') return inside(first);
    if (given.length === 2) return zip(callee === 'max' ? Math.max : Math.min, inside(first), inside(second));
    const reduce = reductions[callee];
    if (reduce) return reduce(inside(first) as readonly number[]);
    return map(functions[callee] as (a: number) => number, inside(first));
  }

  /** A reduction over all steps, each evaluated with its own position of the index. */
  #over(callee: string, index: string, operand: Expression, at: Positions): Value {
    const { steps } = this.#around.sequence;
    const values = Array.from({ length: steps }, (_, step) => this.#evaluate(operand, { ...at, [index]: step }));
    if (steps === 0) return map(() => 0, this.#evaluate(operand, { ...at, [index]: 0 }));
    if (callee === 'softmax') {
      const here = values.map((value) => map(Math.exp, value));
      return zip((a, b) => a / b, here[at[index] as number] as Value, sum(here));
    }
    if (callee === 'last') return this.#last(operand, values);
    if (callee === 'sum') return sum(values);
    if (callee === 'mean') return map((a) => a / steps, sum(values));
    return values.reduce((a, b) => zip(callee === 'max' ? Math.max : Math.min, a, b));
  }

  /** The step where a direction ends: the first, for what was computed backward. */
  #last(operand: Expression, values: readonly Value[]): Value {
    const { reverse, backward, inputs } = this.#around;
    const [first, last] = [values[0] as Value, values.at(-1) as Value];
    if (operand.kind === 'name' && operand.name in inputs && backward)
      return (last as readonly number[]).map(
        (value, unit) => (backward[unit] ? (first as readonly number[])[unit] : value) as number,
      );
    return reverse ? first : last;
  }
}

function map(f: (a: number) => number, value: Value): Value {
  return typeof value === 'number' ? f(value) : ((value as Value[]).map((each) => map(f, each)) as unknown as Value);
}

/** Elementwise, a scalar beside anything. */
function zip(f: (a: number, b: number) => number, left: Value, right: Value): Value {
  if (typeof left === 'number') return map((b) => f(left, b), right);
  if (typeof right === 'number') return map((a) => f(a, right), left);
  return (left as Value[]).map((each, i) => zip(f, each, (right as Value[])[i] as Value)) as unknown as Value;
}

function sum(values: readonly Value[]): Value {
  return values.reduce((a, b) => zip((left, right) => left + right, a, b));
}

function binary(operator: string, left: Value, right: Value): Value {
  const dot = (a: Value, b: Value) => (zip((x, y) => x * y, a, b) as readonly number[]).reduce((x, y) => x + y, 0);
  if (operator === '@') return (left as number[][]).map((row) => dot(row, right));
  if (operator === '·') return dot(left, right);
  return zip(operators[operator] as (a: number, b: number) => number, left, right);
}

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '>': (a, b) => Number(a > b),
  '<': (a, b) => Number(a < b),
};

const σ = (a: number) => 1 / (1 + Math.exp(-a));

/** By its series, which is exact enough for the small numbers here. */
function erf(a: number): number {
  let term = a;
  let total = a;
  for (let n = 1; n < 400; n++) {
    term *= (-a * a) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

const functions: Readonly<Record<string, (a: number) => number>> = {
  sigmoid: σ,
  tanh: Math.tanh,
  relu: (a) => Math.max(0, a),
  softplus: (a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))),
  silu: (a) => a * σ(a),
  gelu: (a) => (Math.abs(a) > 5 ? Math.max(a, 0) : (a / 2) * (1 + erf(a / Math.SQRT2))),
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sin: Math.sin,
  cos: Math.cos,
  stopGradient: (a) => a,
};

const total = (v: readonly number[]) => v.reduce((a, b) => a + b, 0);

const reductions: Readonly<Record<string, (v: readonly number[]) => Value>> = {
  sum: total,
  mean: (v) => total(v) / v.length,
  max: (v) => Math.max(...v),
  min: (v) => Math.min(...v),
  logSumExp: (v) => Math.max(...v) + Math.log(total(v.map((a) => Math.exp(a - Math.max(...v))))),
  softmax: (v) => {
    const powers = v.map((a) => Math.exp(a - Math.max(...v)));
    return powers.map((a) => a / total(powers));
  },
  layerNorm: (v) => {
    const mean = total(v) / v.length;
    const variance = total(v.map((a) => (a - mean) ** 2)) / v.length;
    return v.map((a) => (a - mean) / Math.sqrt(variance + 1e-5));
  },
};
