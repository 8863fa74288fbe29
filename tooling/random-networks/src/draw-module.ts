// Draws well-formed equations: every function of the language, any shapes, one or two indices, states of their own.
import type { EquationModule, ParameterDescription } from '@unrolled/core';
import fc from 'fast-check';

/** What draws: `fc.gen()`. */
export type Draw = fc.GeneratorValue;

/** A shape: `[]`, `[n]` or `[m, n]`. */
export type Sizes = readonly number[];

/** Something that a line may read. */
interface Readable {
  readonly name: string;
  readonly shape: Sizes;
  /** `step`: one value at each step; `pair`: at each step and position; `previous`: a state; `bare`: one value. */
  readonly kind: 'step' | 'pair' | 'previous' | 'bare';
  /** Whether all its steps can be read at once. */
  readonly free: boolean;
}

/** Where an expression stands: the line's own index, and a second one where it is inside a reduction over it. */
interface Place {
  readonly own: 't' | 's' | undefined;
  readonly second: 's' | 'r' | undefined;
}

/** What is drawn. */
export interface DrawOptions {
  /** Whether every parameter declares its shape; otherwise the equations must settle some. */
  readonly declares: boolean;
  /** Whether it must be possible to compute it step by step. */
  readonly streams: boolean;
}

const sizes = fc.constantFrom(1, 2, 2, 3, 3, 4);
const chance = fc.integer({ min: 0, max: 99 });
const numbers = fc.constantFrom('0.5', '1.5', '0.3', '2', '1e-1', '.7');

/** Writes one module. */
export class ModuleDraw {
  readonly parameters: Record<string, ParameterDescription> = {};
  readonly #g: Draw;
  readonly #lines: string[] = [];
  readonly #readable: Readable[] = [];
  readonly #shapes: Record<string, number[]> = {};
  readonly #initial: Record<string, 'given' | 'learned'> = {};
  readonly #declares: boolean;
  readonly #streams: boolean;

  constructor(g: Draw, { declares, streams }: DrawOptions) {
    this.#g = g;
    this.#declares = declares;
    this.#streams = streams;
  }

  chance(percent: number): boolean {
    return this.#g(() => chance) < percent;
  }

  size(): number {
    return this.#g(() => sizes);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.#g(fc.integer, { min: 0, max: choices.length - 1 })] as T;
  }

  shape(): Sizes {
    return this.chance(25) ? [] : [this.size()];
  }

  /** Binds an input. */
  input(name: string, shape: Sizes, kind: 'step' | 'bare'): void {
    this.#readable.push({ name, shape, kind, free: true });
  }

  /** A state, to be assigned later. Shapes of what is not `[units]` are declared. */
  state(name: string, shape: Sizes): void {
    this.#readable.push({ name, shape, kind: 'previous', free: false });
    this.#shapes[name] = [...shape];
    const start = this.pick(['zero', 'given', 'learned', 'learned, listed'] as const);
    if (start === 'zero') return;
    this.#initial[name] = start === 'given' ? 'given' : 'learned';
    if (start === 'learned, listed') this.parameters[`${name}0`] = { init: { init: 'ones' } };
  }

  /**
   * A line of one value at each step. A state keeps half of what it was.
   * @param free - whether it depends on no state of this module.
   * @param heeds - a value at each step that has a share in it.
   */
  step(name: string, shape: Sizes, own: 't' | 's' = 't', free = false, heeds?: string): void {
    const kept = this.#readable.some((each) => each.kind === 'previous' && each.name === name);
    const fresh = this.#bounded(shape, { own, second: undefined }, free);
    const heeded = this.#readable.find((each) => each.name === heeds)?.shape;
    const share = heeded === undefined ? '' : ` + ${this.#share(shape, `${heeds}[t]`, heeded)}`;
    this.#assign(`${name}[${own}]`, `${kept ? `0.5 * ${name}[t-1] + ` : ''}${fresh}${share}`);
    this.#readable.push({ name, shape, kind: 'step', free });
  }

  /** A line of one value at each step and position, and perhaps its softmax. */
  pair(name: string, shape: Sizes): string {
    this.#assign(`${name}[t,s]`, this.#bounded(shape, { own: 't', second: 's' }, false));
    if (this.chance(50)) {
      this.#assign(`${name}a[t,s]`, `softmax_s(${name}[t,s])`);
      this.#readable.push({ name: `${name}a`, shape, kind: 'pair', free: false });
    }
    this.#readable.push({ name, shape, kind: 'pair', free: false });
    return this.#readable.some((each) => each.name === `${name}a`) ? `${name}a` : name;
  }

  /** A line that reduces what a pair holds over its positions, weighed by something of theirs. */
  attention(name: string, pair: string): void {
    const { shape } = this.#readable.find((each) => each.name === pair) as Readable;
    const other = this.#expression(shape, { own: 't', second: 's' }, 1, false);
    this.#assign(`${name}[t]`, `${this.pick(['sum', 'mean', 'max', 'min'])}_s(${pair}[t,s] * ${other})`);
    this.#readable.push({ name, shape, kind: 'step', free: false });
  }

  /** A line of one value for the sequence. */
  bare(name: string, shape: Sizes): void {
    this.#assign(name, this.#bounded(shape, { own: undefined, second: undefined }, true));
    this.#readable.push({ name, shape, kind: 'bare', free: true });
  }

  /** From here on all steps of every value can be read at once: the recurrence is over. */
  finishLoop(): void {
    this.#readable.forEach((each, i) => {
      if (each.kind === 'step') this.#readable[i] = { ...each, free: true };
    });
  }

  /** The module. */
  module(name: string, output: string, units = 1): EquationModule {
    return {
      name,
      equations: this.#lines.join('\n'),
      parameters: this.parameters,
      sizes: { units },
      constants: { leak: 0.3, gain: 1.2 },
      shapes: this.#shapes,
      initial: this.#initial,
      output,
    };
  }

  /** Brings a value to another shape, so that it can be added. */
  #share(shape: Sizes, text: string, has: Sizes): string {
    if (has.length === 0) return text;
    return shape.length === 1 ? `${this.#parameter([shape[0] as number, has[0] as number])} @ ${text}` : `sum(${text})`;
  }

  #assign(target: string, text: string): void {
    this.#lines.push(`${target} = ${text}`);
  }

  /** An expression whose values stay small, so that recurrences do not grow. */
  #bounded(shape: Sizes, place: Place, free: boolean): string {
    const inner = this.#expression(shape, place, this.pick([1, 2, 2, 3]), free);
    const wraps = ['tanh(#)', '0.5 * sin(#)', 'σ(#) - 0.5'];
    const vectorWraps = shape.length === 1 ? ['softmax(#)', '0.3 * layerNorm(#)'] : [];
    return this.pick([...wraps, ...vectorWraps]).replace('#', inner);
  }

  #expression(shape: Sizes, place: Place, depth: number, free: boolean): string {
    if (depth === 0) return this.#leaf(shape, place, free);
    const inside = (of: Sizes, where: Place = place) => this.#expression(of, where, depth - 1, free);
    const common = [
      () => this.#leaf(shape, place, free),
      () => this.#unary(inside(shape)),
      () => this.#unary(inside(shape)),
      () => this.#binary(shape, inside),
      () => this.#binary(shape, inside),
      () => this.#choice(shape, inside),
      () => this.#random(shape, inside),
    ];
    const mayRange = place.second === undefined && !(this.#streams && place.own !== undefined);
    const reductions = mayRange && shape.length < 2 ? [() => this.#overIndex(shape, place, inside)] : [];
    const byRank = [() => this.#scalar(inside), () => this.#vector(shape, inside), () => this.#matrix(shape, inside)];
    const special = byRank[shape.length] as () => string;
    return this.pick([...common, special, special, special, ...reductions, ...reductions])();
  }

  #unary(inner: string): string {
    const forms = ['σ', 'tanh', 'relu', 'softplus', 'silu', 'gelu', 'abs', 'sin', 'cos'].map((name) => `${name}(#)`);
    const others = [
      'exp(tanh(#))',
      'log(1.5 + (#)^2)',
      'sqrt(0.5 + (#)^2)',
      '-tanh(#)',
      'tanh(#)^3',
      '(1.5 + sin(#))^0.5',
      '(1.5 + sin(#))^-0.5',
      '(1.5 + sin(#))^1.7',
      '(1.5 + sin(#))^-2',
      '(#)^1',
      '(1.5 + sin(#))^tanh(#)',
    ];
    return this.pick([...forms, ...others]).replaceAll('#', inner);
  }

  #binary(shape: Sizes, inside: (shape: Sizes) => string): string {
    const [a, b] = this.chance(40) ? [inside(shape), inside([])] : [inside(shape), inside(shape)];
    const [left, right] = this.chance(30) ? [b, a] : [a, b];
    const forms = ['(A + B)', '(A - B)', '(A * B)', '(A ⊙ B)', '(A / (2 + cos(B)))', 'max(A, B)', 'min(A, B)'];
    return fill(
      this.pick(forms),
      () => left,
      () => right,
    );
  }

  #choice(shape: Sizes, inside: (shape: Sizes) => string): string {
    const compared = this.chance(50) ? shape : [];
    const [a, b] = [inside(compared), inside(compared)];
    const yes = inside(shape);
    const no = inside(this.chance(70) ? shape : []);
    return `where(${a} ${this.pick(['>', '<'])} ${b}, ${yes}, ${no})`;
  }

  #random(shape: Sizes, inside: (shape: Sizes) => string): string {
    const rate = this.pick(['0.5', '0.25', 'leak']);
    if (this.chance(30)) return `zoneout(${inside(shape)}, ${inside(this.chance(80) ? shape : [])}, ${rate})`;
    return `${this.pick(['dropout', 'dropoutSequence'])}(${inside(shape)}, ${rate})`;
  }

  #scalar(inside: (shape: Sizes) => string): string {
    const size = [this.size()];
    const reduced = ['sum', 'mean', 'max', 'min', 'logSumExp'].map((name) => `${name}(A)`);
    return fill(
      this.pick([...reduced, '(A · B)', 'dot(A, B)']),
      () => inside(size),
      () => inside(size),
    );
  }

  #vector(shape: Sizes, inside: (shape: Sizes) => string): string {
    const [n = 1] = shape;
    const other = this.size();
    const cuts = [
      () => `(${this.#product(n, other, inside)})`,
      () => `(${this.#product(n, other, inside)})`,
      () => `softmax(${inside(shape)})`,
      () => `layerNorm(${inside(shape)})`,
      () => `(${inside([n + other])})[${other}:${n + other}]`,
      () => `(${inside([n + 1])})[:${n}]`,
      () => (n === 1 ? `[${inside([])}]` : `[${inside([n - 1])}; ${inside([])}]`),
      () => (n === 1 ? `[${inside([1])}]` : `[${inside([])}; ${inside([n - 1])}]`),
    ];
    return this.pick(cuts)();
  }

  #product(rows: number, columns: number, inside: (shape: Sizes) => string): string {
    if (this.chance(40)) return `${this.#parameter([columns, rows])}ᵀ @ ${inside([columns])}`;
    return `${this.chance(60) ? this.#parameter([rows, columns]) : `(${inside([rows, columns])})`} @ ${inside([columns])}`;
  }

  #matrix(shape: Sizes, inside: (shape: Sizes) => string): string {
    const scaled = () => `(${inside([])} * ${this.#parameter(shape)})`;
    return this.pick([scaled, () => `(-${this.#parameter(shape)})`, () => this.#parameter(shape)])();
  }

  /** A reduction over the steps: of a bare line over its own index, of any other over a second one. */
  #overIndex(shape: Sizes, place: Place, inside: (shape: Sizes, place: Place) => string): string {
    const letter = place.own === 's' ? 'r' : 's';
    const under: Place = place.own === undefined ? { own: 's', second: undefined } : { ...place, second: letter };
    if (!this.#streams && this.chance(25))
      return `sum_${letter}(softmax_${letter}(${inside([], under)}) * ${inside(shape, under)})`;
    return `${this.pick(['sum', 'mean', 'max', 'min', 'last'])}_${letter}(${inside(shape, under)})`;
  }

  #leaf(shape: Sizes, place: Place, free: boolean): string {
    const names = this.#readable
      .filter((each) => same(each.shape, shape) && (each.free || !free))
      .flatMap((each) => this.#spellings(each, place));
    if (names.length > 0 && this.chance(75)) return this.pick(names);
    if (shape.length > 0)
      return this.chance(8) ? `stopGradient(${this.#parameter(shape, 'frozen')})` : this.#parameter(shape);
    const plain = [this.#g(() => numbers), 'leak', 'gain', ...(place.own === 't' ? ['(0.1 * t)', 't'] : [])];
    return this.chance(60) ? this.pick(plain) : this.#parameter([]);
  }

  /** How a value can be read where an expression stands. */
  #spellings({ name, kind, free }: Readable, { own, second }: Place): readonly string[] {
    switch (kind) {
      case 'bare':
        return [name];
      case 'previous':
        return own === 't' ? [`${name}[t-1]`] : [];
      case 'pair':
        return own === 't' && second === 's' ? [`${name}[t,s]`] : [];
      case 'step': {
        const here = own === undefined ? [] : [`${name}[${own}]`];
        const there = second === undefined || !free ? [] : [`${name}[${second}]`, `${name}[${second}]`];
        return own === 's' && !free ? there : [...here, ...there];
      }
    }
  }

  #parameter(shape: Sizes, kind = 'p'): string {
    const alike = Object.keys(this.parameters).filter((name) => name.startsWith(`${kind}${shape.join('x')}_`));
    if (alike.length > 0 && this.chance(40)) return this.pick(alike);
    const name = `${kind}${shape.join('x')}_${Object.keys(this.parameters).length}`;
    const declared = this.#declares || shape.length === 0 || this.chance(50);
    this.parameters[name] = { init: { init: 'ones' }, ...(declared && { shape }) };
    return name;
  }
}

/** Puts texts in place of A and B, written only where they stand. */
function fill(form: string, a: () => string, b: () => string): string {
  return form.replace(/[AB]/g, (place) => (place === 'A' ? a() : b()));
}

function same(a: Sizes, b: Sizes): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}
