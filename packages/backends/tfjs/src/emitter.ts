// Emits a graph's values as TensorFlow.js operations, batched, with the time loop in JavaScript.
//
// A value over time and batch is a tensor `[time, time*, batch, …shape]` with the axes that it has. Inside a scan its
// time axis is gone. TensorFlow.js's own tape records what happens here and gives the gradients.
import type { Tensor } from '@tensorflow/tfjs';
import { type Axis, type Carry, type Graph, type Scan, sizeOf, type Value } from '@unrolled/equations';
import { absolute, firstLargest, isGreater, largest, lookUp, rowProducts, stopGradient } from './custom.ts';
import type { Tf } from './load.ts';
import { type Packs, packProducts } from './packs.ts';

/** Where leaves come from. */
export interface Leaves {
  /** Number of sequences. */
  readonly batch: number;
  /** Number of steps. */
  readonly time: number;
  /** True steps `[batch]`. */
  readonly lengths: Int32Array;
  /** A parameter, in its own shape. */
  readonly parameter: (name: string) => Tensor;
  /** An input: int32 for class numbers. */
  readonly input: (name: string) => Tensor;
  /** A state `[batch, …shape]`. */
  readonly state: (name: string) => Tensor;
  /** Steps before this batch `[batch]`. */
  readonly start: () => Tensor;
  /** A mask `[time?, batch, …shape]`. */
  readonly mask: (value: Value & { readonly op: 'random' }) => Tensor;
}

const layout: readonly Axis[] = ['time', 'time*', 'batch'];

/** Evaluates values of one graph for one batch; use inside `tf.tidy`. */
export class Emitter {
  readonly #tf: Tf;
  readonly #graph: Graph;
  readonly #leaves: Leaves;
  readonly #tensors = new Map<number, Tensor>();
  readonly #elements = new Map<number, Tensor[]>();
  readonly #transposed = new Map<number, Tensor>();
  readonly #finals = new Map<number, Tensor[]>();
  readonly #stacks = new Map<number, Tensor[]>();
  readonly #shortest: number;
  /** Body values of the step at hand. */
  #step: Map<number, Tensor> | undefined;
  #now = 0;

  constructor(tf: Tf, graph: Graph, leaves: Leaves) {
    this.#tf = tf;
    this.#graph = graph;
    this.#leaves = leaves;
    this.#shortest = leaves.lengths.reduce((a, b) => Math.min(a, b), leaves.time);
  }

  /** A value's tensor; outer values only. */
  get(id: number): Tensor {
    const known = this.#tensors.get(id);
    if (known) return known;
    // An outer value may first be asked for in the middle of a scan: it is computed outside all the same.
    const [step, now] = [this.#step, this.#now];
    this.#step = undefined;
    const tensor = this.#evaluate(this.#value(id));
    [this.#step, this.#now] = [step, now];
    this.#tensors.set(id, tensor);
    return tensor;
  }

  /** Gives a value from outside instead of computing it. */
  set(id: number, tensor: Tensor): void {
    this.#tensors.set(id, tensor);
  }

  #value(id: number): Value {
    return this.#graph.values[id] as Value;
  }

  #evaluate(value: Value): Tensor {
    const tf = this.#tf;
    const { batch, time, lengths } = this.#leaves;
    switch (value.op) {
      case 'constant':
        return sizeOf(value.shape) === 1 && value.shape.length === 0
          ? tf.scalar(value.value)
          : tf.fill([...value.shape], value.value);
      case 'parameter':
        return this.#leaves.parameter(value.name);
      case 'input':
        return this.#leaves.input(value.name);
      case 'state':
        return this.#leaves.state(value.name);
      case 'position':
        return tf.tile(tf.range(0, time).reshape([time, 1]), [1, batch]);
      case 'length':
        return tf.tensor1d(Float32Array.from(lengths));
      case 'start':
        return this.#leaves.start();
      case 'random':
        return this.#leaves.mask(value);
      case 'stack':
        this.#runScan(value.scan);
        return this.#stacked(this.#stacks.get(value.args[0]) as Tensor[]);
      case 'final':
        return this.#runScan(value.scan)[value.index] as Tensor;
      case 'carry':
      case 'scan':
        throw new RangeError(`"${value.op}" has no tensor of its own`);
      default:
        return this.#compute(value);
    }
  }

  /** Steps of all sequences as one tensor, 0 where a sequence has no such step. */
  #stacked(steps: readonly Tensor[]): Tensor {
    const tf = this.#tf;
    if (steps.length === 0) throw new RangeError('a batch without steps');
    return this.#masked(tf.stack([...steps]), 0);
  }

  /** `[time, …, batch, …]` with `fill` at padded steps. */
  #masked(tensor: Tensor, fill: number, axes: readonly Axis[] = ['time', 'batch']): Tensor {
    if (this.#shortest >= this.#leaves.time) return tensor;
    const tf = this.#tf;
    const { time, batch, lengths } = this.#leaves;
    const truth = new Uint8Array(time * batch);
    for (let t = 0; t < time; t++)
      for (let b = 0; b < batch; b++) truth[t * batch + b] = t < (lengths[b] as number) ? 1 : 0;
    const shape = axes.map((axis) => (axis === 'batch' ? batch : axis === 'time*' && axes.includes('time') ? 1 : time));
    while (shape.length < tensor.rank) shape.push(1);
    const mask = tf.tensor(truth, shape, 'bool');
    return tf.where(mask, tensor, tf.fill(tensor.shape, fill));
  }

  /** Runs a scan once; gives its carries after the last step. */
  #runScan(number: number): Tensor[] {
    const known = this.#finals.get(number);
    if (known) return known;
    const scan = this.#graph.scans[number] as Scan;
    const { time } = this.#leaves;
    const wanted = new Set(
      this.#graph.values.flatMap((value) => (value.op === 'stack' && value.scan === number ? [value.args[0]] : [])),
    );
    for (const id of wanted) this.#stacks.set(id, new Array<Tensor>(time));
    const packs = packProducts(this.#graph, scan);
    let carries = scan.carries.map(({ init, leaf }) =>
      this.#aligned(this.get(init), this.#value(init), this.#value(leaf)),
    );
    for (let i = 0; i < time; i++) {
      this.#now = scan.reverse ? time - 1 - i : i;
      this.#step = new Map(scan.carries.map(({ leaf }, k) => [leaf, carries[k] as Tensor]));
      for (const id of scan.body) this.#body(id, packs);
      for (const id of wanted) (this.#stacks.get(id) as Tensor[])[this.#now] = this.#step.get(id) as Tensor;
      carries = scan.carries.map((carry, k) => this.#next(carry, carries[k] as Tensor));
    }
    this.#step = undefined;
    this.#finals.set(number, carries);
    return carries;
  }

  /** A carry after the step at hand; a sequence that has no such step keeps what it had. */
  #next({ next, leaf }: Carry, before: Tensor): Tensor {
    const tf = this.#tf;
    const { batch, lengths } = this.#leaves;
    const target = this.#value(leaf);
    const after = this.#aligned(this.#operand(next), this.#value(next), target);
    if (this.#now < this.#shortest) return after;
    const truth = Uint8Array.from(lengths, (length) => (this.#now < length ? 1 : 0));
    const mask = tf.tensor(truth, [batch, ...target.shape.map(() => 1)], 'bool');
    return tf.where(mask, after, before);
  }

  #body(id: number, packs: Packs): void {
    const step = this.#step as Map<number, Tensor>;
    if (step.has(id)) return;
    const pack = packs.get(id);
    const value = this.#value(id);
    if (!pack) step.set(id, this.#compute(value as Value & { readonly args: readonly number[] }));
    else {
      const matrices = pack.map((member) =>
        this.get((this.#value(member) as { readonly args: readonly number[] }).args[0] as number),
      );
      const sizes = matrices.map((matrix) => matrix.shape[0] as number);
      const packed = this.#packed(pack, matrices);
      const vector = this.#operand((value as { readonly args: readonly number[] }).args[1] as number);
      const products = this.#product(packed, pack[0] as number, vector);
      const parts = this.#tf.split(products, sizes, -1);
      pack.forEach((member, k) => {
        step.set(member, parts[k] as Tensor);
      });
    }
  }

  /** Matrices that share a vector, one below the other. */
  #packed(pack: readonly number[], matrices: readonly Tensor[]): Tensor {
    const key = -1 - (pack[0] as number);
    const known = this.#tensors.get(key);
    if (known) return known;
    const packed = this.#tf.concat([...matrices], 0);
    this.#tensors.set(key, packed);
    return packed;
  }

  /** Products of every row of `vector` with `matrix`. `key` names the matrix, whose transpose is made once. */
  #product(matrix: Tensor, key: number, vector: Tensor): Tensor {
    const tf = this.#tf;
    const transposed = this.#transposed.get(key) ?? tf.transpose(matrix);
    this.#transposed.set(key, transposed);
    const rows = vector.reshape([-1, matrix.shape[1] as number]);
    return rowProducts(tf, matrix, transposed, rows).reshape([...vector.shape.slice(0, -1), matrix.shape[0] as number]);
  }

  /** An argument as the place at hand sees it: inside a scan, a body value or the step's element of an outer one. */
  #operand(id: number): Tensor {
    const step = this.#step;
    const inBody = step?.get(id);
    if (inBody) return inBody;
    const value = this.#value(id);
    if (!step || !value.over.includes('time')) return this.get(id);
    const elements = this.#elements.get(id) ?? this.#unstacked(this.get(id));
    this.#elements.set(id, elements);
    return elements[this.#now] as Tensor;
  }

  /** Steps of a value over time. TensorFlow.js has no gradient of unstacking a single one. */
  #unstacked(tensor: Tensor): Tensor[] {
    return this.#leaves.time === 1 ? [tensor.reshape(tensor.shape.slice(1))] : this.#tf.unstack(tensor, 0);
  }

  /** Axes that a value has where it is computed. */
  #axes(value: Value): readonly Axis[] {
    return layout.filter((axis) => value.over.includes(axis) && !(axis === 'time' && this.#step));
  }

  /** A tensor of `value` brought to the rank of `target`, so that it broadcasts. */
  #aligned(tensor: Tensor, value: Value, target: Value): Tensor {
    const has = this.#axes(value);
    const wants = this.#axes(target);
    const sizes = tensor.shape;
    let at = 0;
    const shape = wants.map((axis) => (has.includes(axis) ? (sizes[at++] as number) : 1));
    const rest = sizes.slice(has.length);
    const units = target.shape.map((_, i) => (rest.length === 0 ? 1 : (rest[i] as number)));
    const full = [...shape, ...units];
    return full.length === sizes.length ? tensor : tensor.reshape(full);
  }

  #compute(value: Value & { readonly args: readonly number[] }): Tensor {
    const tf = this.#tf;
    const raw = value.args.map((id) => this.#operand(id));
    const [x, y] = raw as [Tensor, Tensor];
    const fitted = () => raw.map((tensor, i) => this.#aligned(tensor, this.#value(value.args[i] as number), value));
    const binary = (operation: (a: Tensor, b: Tensor) => Tensor): Tensor => {
      const [a, b] = fitted() as [Tensor, Tensor];
      return operation(a, b);
    };
    switch (value.op) {
      case 'exp':
        return tf.exp(x);
      case 'log':
        return tf.log(x);
      case 'sqrt':
        return tf.sqrt(x);
      case 'abs':
        return absolute(tf, x);
      case 'sin':
        return tf.sin(x);
      case 'cos':
        return tf.cos(x);
      case 'tanh':
        return tf.tanh(x);
      case 'sigmoid':
        return tf.sigmoid(x);
      case 'softplus':
        return tf.softplus(x);
      case 'erf':
        return tf.erf(x);
      case 'add':
        return binary((a, b) => tf.add(a, b));
      case 'subtract':
        return binary((a, b) => tf.sub(a, b));
      case 'multiply':
        return binary((a, b) => tf.mul(a, b));
      case 'divide':
        return binary((a, b) => tf.div(a, b));
      case 'maximum':
        return binary((a, b) => tf.maximum(a, b));
      case 'minimum':
        return binary((a, b) => tf.minimum(a, b));
      case 'where': {
        const [a, b, yes, no] = fitted() as [Tensor, Tensor, Tensor, Tensor];
        return tf.where(isGreater(tf, a, b) as never, this.#filled(yes, value), this.#filled(no, value));
      }
      case 'matmul':
        return value.transposed
          ? this.#product(this.#transposeOf(value.args[0] as number), -1 - (value.args[0] as number), y)
          : this.#product(x, value.args[0] as number, y);
      case 'sum':
        if (value.along === 'units') return tf.sum(x, -1);
        return y === undefined ? this.#sumAxes(value, x) : tf.add(y, this.#sumAxes(value, x));
      case 'largest':
        return largest(tf, this.#alongAxis(value, x), this.#axisIndex(value));
      case 'firstLargest':
        return firstLargest(tf, this.#alongAxis(value, x), this.#axisIndex(value));
      case 'expand':
        return this.#filled(this.#aligned(x, this.#value(value.args[0] as number), value), value);
      case 'join':
        return this.#join(value, raw);
      case 'slice':
        return tf.slice(
          x,
          [...x.shape.map(() => 0).slice(1), value.from],
          [...x.shape.slice(0, -1), value.to - value.from],
        );
      case 'gather':
        return this.#gather(value, x, y);
      case 'scatterAdd':
        return this.#scatter(value, x, y);
      case 'view':
        if (value.stop) return stopGradient(tf, x);
        return x.rank > 2 && this.#axes(value).length === 3 ? tf.transpose(x, swapFirst(x.rank)) : x;
      default:
        throw new RangeError(`"${value.op}" is no operation of a forward graph`);
    }
  }

  /** Repeats along the axes and shape that a tensor broadcasts over. */
  #filled(tensor: Tensor, value: Value): Tensor {
    const { batch, time } = this.#leaves;
    const shape = [...this.#axes(value).map((axis) => (axis === 'batch' ? batch : time)), ...value.shape];
    if (tensor.shape.join() === shape.join()) return tensor;
    return this.#tf.add(tensor, this.#tf.zeros(shape));
  }

  #transposeOf(id: number): Tensor {
    const known = this.#tensors.get(-1e9 - id);
    if (known) return known;
    const transposed = this.#tf.transpose(this.get(id));
    this.#tensors.set(-1e9 - id, transposed);
    return transposed;
  }

  /** Sums true positions over the axes that the result lacks. */
  #sumAxes(value: Value & { readonly args: readonly number[] }, x: Tensor): Tensor {
    const operand = this.#value(value.args[0] as number);
    const axes = this.#axes(operand);
    const kept = this.#axes(value);
    const dropped = axes.flatMap((axis, i) => (kept.includes(axis) ? [] : [i]));
    const sequence = axes.find((axis) => axis !== 'batch' && !kept.includes(axis));
    const masked = sequence ? this.#masked(x, 0, axes) : x;
    return this.#tf.sum(masked, dropped);
  }

  #alongAxis(
    value: Value & { readonly along: 'units' | 'time' | 'time*'; readonly args: readonly number[] },
    x: Tensor,
  ): Tensor {
    return value.along === 'units' ? x : this.#masked(x, -Infinity, this.#axes(this.#value(value.args[0] as number)));
  }

  #axisIndex(value: Value & { readonly along: 'units' | 'time' | 'time*'; readonly args: readonly number[] }): number {
    const operand = this.#value(value.args[0] as number);
    const axes = this.#axes(operand);
    return value.along === 'units' ? axes.length + operand.shape.length - 1 : axes.indexOf(value.along);
  }

  #join(value: Value & { readonly args: readonly number[] }, raw: readonly Tensor[]): Tensor {
    const parts = raw.map((tensor, i) => {
      const arg = this.#value(value.args[i] as number);
      const size = arg.shape[0] ?? 1;
      const vector = { ...arg, shape: [size], over: value.over } as Value;
      const asVector = arg.shape.length === 0 ? tensor.expandDims(-1) : tensor;
      const aligned = this.#aligned(asVector, { ...arg, shape: [size] } as Value, vector);
      return this.#filled(aligned, vector);
    });
    return this.#tf.concat(parts, -1);
  }

  #gather(value: Value & { readonly op: 'gather' }, table: Tensor, ids: Tensor): Tensor {
    const tf = this.#tf;
    const tableId = value.args[0] as number;
    if (this.#value(tableId).over.length === 0 && this.#value(tableId).shape.length === 2) {
      return lookUp(tf, value.axis === 0 ? table : this.#transposeOf(tableId), ids);
    }
    const hot = tf.oneHot(ids.toInt() as never, table.shape.at(-1) as number).toFloat();
    return tf.sum(tf.mul(table, hot), -1);
  }

  /** One-hot vectors, times a value. */
  #scatter(value: Value & { readonly op: 'scatterAdd' }, ids: Tensor, x: Tensor): Tensor {
    const tf = this.#tf;
    const hot = tf.oneHot(ids.toInt() as never, value.shape[0] as number).toFloat();
    return tf.mul(hot, x.rank === 0 ? x : x.expandDims(-1));
  }
}

function swapFirst(rank: number): number[] {
  const order = Array.from({ length: rank }, (_, i) => i);
  return [1, 0, ...order.slice(2)];
}
