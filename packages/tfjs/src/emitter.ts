// Emits a program's values as TensorFlow.js operations, batched; TensorFlow.js's own tape records them.
import type { Tensor } from '@tensorflow/tfjs';
import type { Computed, Value } from '@unrolled/equations';
import { compute, filled, type Outside } from './compute.ts';
import { axesOf } from './layout.ts';
import type { ScanProgram, ScanResult } from './loops.ts';
import { Matrix } from './matrix.ts';
import { elementsOf } from './parts.ts';
import type { Positions } from './positions.ts';
import type { Program } from './program.ts';
import type { Recorder } from './recorder.ts';
import { runScan } from './scan.ts';
import { together } from './together.ts';

/** Where leaves come from. */
export interface Leaves {
  /** A parameter, in its own shape. */
  readonly parameter: (name: string) => Tensor;
  /** An input: int32 for class numbers. */
  readonly input: (name: string) => Tensor;
  /** A state `[batch, …shape]`. */
  readonly state: (name: string) => Tensor;
  /** True steps in this batch `[batch]`. */
  readonly length: () => Tensor;
  /** Steps before this batch `[batch]`. */
  readonly start: () => Tensor;
  /** A mask over the value's axes. */
  readonly mask: (value: Value & { readonly op: 'random' }) => Tensor;
}

/** Evaluates values outside of loops for one batch; use inside `tf.tidy`. */
export class Emitter implements Outside {
  readonly recorder: Recorder;
  readonly positions: Positions;
  readonly #program: Program;
  readonly #leaves: Leaves;
  readonly #tensors = new Map<number, Tensor>();
  readonly #elements = new Map<Tensor, readonly Tensor[]>();
  readonly #together = new Map<string, Tensor>();
  readonly #matrices = new Map<string, Matrix>();
  readonly #columns = new Map<string, Tensor>();
  readonly #scans = new Map<number, ScanResult>();

  constructor(recorder: Recorder, positions: Positions, program: Program, leaves: Leaves) {
    this.recorder = recorder;
    this.positions = positions;
    this.#program = program;
    this.#leaves = leaves;
  }

  readonly value = (id: number): Value => this.#program.graph.values[id] as Value;

  readonly axes = (value: Value) => axesOf(value, false);

  readonly operand = (id: number): Tensor => this.#once(this.#tensors, id, () => this.#evaluate(this.value(id)));

  readonly matrix = (parameters: readonly number[], transposed: boolean): Matrix =>
    this.#once(this.#matrices, `${parameters} ${transposed}`, () => {
      const weights = this.#below(parameters);
      return new Matrix(this.recorder, transposed ? this.recorder.tf.transpose(weights) : weights);
    });

  readonly columns = (parameters: readonly number[]): Tensor =>
    this.#once(this.#columns, parameters.join(), () => this.recorder.tf.transpose(this.#below(parameters)));

  readonly together = (ids: readonly number[]): Tensor =>
    this.#once(this.#together, ids.join(), () => together(this, ids));

  readonly element = (tensor: Tensor, step: number): Tensor =>
    this.#once(this.#elements, tensor, () => elementsOf(this.recorder.tf, tensor))[step] as Tensor;

  /** Gives a value from outside instead of computing it. */
  set(id: number, tensor: Tensor): void {
    this.#tensors.set(id, tensor);
  }

  #evaluate(value: Value): Tensor {
    const { tf } = this.recorder;
    // What ranges over steps that no sequence has is not computed: it might be infinite, and 0 · ∞ is no gradient.
    const axes = this.axes(value);
    if (this.positions.none && axes.some((axis) => axis !== 'batch'))
      return tf.zeros([...this.positions.sizes(axes), ...value.shape]);
    switch (value.op) {
      case 'constant':
        return value.shape.length === 0 ? tf.scalar(value.value) : tf.fill([...value.shape], value.value);
      case 'parameter':
        return this.#leaves.parameter(value.name);
      case 'input':
        return this.#leaves.input(value.name);
      case 'state':
        return this.#leaves.state(value.name);
      case 'position':
        return this.#stepNumbers();
      case 'length':
        return this.#leaves.length();
      case 'start':
        return this.#leaves.start();
      case 'random':
        return this.#leaves.mask(value);
      case 'stack':
        return this.#scan(value.scan).stack(value.args[0]);
      case 'final':
        return this.#scan(value.scan).finals[value.index] as Tensor;
      case 'carry':
      case 'scan':
        throw new RangeError(`"${value.op}" has no tensor of its own`);
      case 'where':
        return this.#asksForSteps(value)
          ? filled(this, value.args[this.positions.none ? 3 : 2] as number, value)
          : compute(this, value);
      default:
        return compute(this, value as Computed);
    }
  }

  /** Whether it chooses by length > ½, or the like: sequences with steps and those without are never in one batch here. */
  #asksForSteps({ args: [length = 0, least = 0] }: Value & { readonly op: 'where' }): boolean {
    const bound = this.value(least);
    return this.value(length).op === 'length' && bound.op === 'constant' && bound.value >= 0 && bound.value < 1;
  }

  /** Number of each step, from 0: `[time, batch]`. */
  #stepNumbers(): Tensor {
    const { time, batch } = this.positions;
    const numbers = Float32Array.from({ length: time * batch }, (_, at) => Math.floor(at / batch));
    return this.recorder.tf.tensor(numbers, [time, batch]);
  }

  #scan(number: number): ScanResult {
    return this.#once(this.#scans, number, () => {
      const program = this.#program.scans.get(number) as ScanProgram;
      const whole = this.positions.none ? undefined : program.whole?.(this);
      return whole ?? runScan(this, program);
    });
  }

  #below(parameters: readonly number[]): Tensor {
    return this.recorder.joined(parameters.map(this.operand), 0);
  }

  #once<K, V>(known: Map<K, V>, key: K, make: () => V): V {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make();
    known.set(key, made);
    return made;
  }
}
