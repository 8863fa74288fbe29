// Kernels of fused nodes: one loop over memory that computes all of them, values in between staying in registers.
import { lengthOfMap, type Node, sizeOf } from '@unrolled/equations';
import { F32x4, type FunctionBuilder, I32, I32x4, storePartial, type Variable } from '@unrolled/wasm';
import { arithmetic } from './arithmetic.ts';
import type { FusedFunction, Kernel, KernelContext } from './kernels.ts';
import { addressOf, advance, loadScalar, loadVector, type Operand, Operands, type Pointers } from './operands.ts';

/** Vectors that are computed side by side, so that their operations wait less for each other. */
const UNROLL = 2;

/** Where a fused value goes. */
interface Target {
  readonly operand: Operand;
  readonly node: Node;
  /** Whether something else begins right behind, so that nothing may be written beyond. */
  readonly exact: boolean;
}

/**
 * Compiles fused nodes. The kernel goes through rows, and through the units of each. Those of one form, as layers of one
 * size have them, share a function.
 */
export function fusedKernel(context: KernelContext, nodes: readonly Node[]): Kernel {
  const operands = new Operands(context.fixed, true);
  const plan = new FusedPlan(context, nodes, operands);
  const form = plan.form();
  const shared = context.fused.get(form) ?? fusedFunction(context, plan, operands);
  context.fused.set(form, shared);
  const own = operands.names();
  const call: Kernel['call'] = ({ count, step, ...places }) => {
    const renamed = shared.names.map((name, at) => [name, places[own[at] as string] as I32 | number] as const);
    return shared.call({ count, step, ...Object.fromEntries(renamed) });
  };
  return { operands, call };
}

function fusedFunction(context: KernelContext, plan: FusedPlan, operands: Operands): FusedFunction {
  const call = context.module.function(
    context.nextName('fused'),
    { count: I32, step: I32, ...operands.signature() },
    (f, all) => {
      const { count, step: _, ...pointers } = all as unknown as Record<'count' | 'step', Variable<I32>> & Pointers;
      f.while(
        () => count,
        () => {
          plan.row(f, pointers);
          advance(f, operands, pointers);
          f.set(count, count.sub(1));
        },
      );
    },
  );
  return { call, names: operands.names() };
}

class FusedPlan {
  readonly #nodes: readonly Node[];
  readonly #context: KernelContext;
  readonly #own: ReadonlySet<number>;
  readonly #length: number;
  readonly #operands = new Map<number, Operand>();
  readonly #targets: readonly Target[];
  readonly #names: readonly string[];

  constructor(context: KernelContext, nodes: readonly Node[], operands: Operands) {
    const { schedule } = context;
    this.#context = context;
    this.#nodes = nodes;
    this.#own = new Set(nodes.map(({ id }) => id));
    this.#length = lengthOfMap(nodes[0] as Node, schedule.nodes);
    for (const node of nodes) {
      for (const id of node.args) {
        if (this.#own.has(id) || this.#operands.has(id)) continue;
        this.#operands.set(id, operands.of(schedule.storage.access(id)));
      }
    }
    this.#targets = nodes.flatMap((node): Target[] => {
      if (!node.destination && !schedule.storage.isStored(node)) return [];
      const access = node.destination ? schedule.storage.destination(node) : schedule.storage.access(node.id);
      return [{ operand: operands.of(access), node, exact: access.home.in === 'gradient' }];
    });
    this.#names = operands.names();
  }

  /** All that the code depends on: two plans of one form differ in nothing but where their pointers go. */
  form(): string {
    const places = new Map(this.#nodes.map(({ id }, place) => [id, `own ${place}`]));
    for (const [place, id] of [...this.#operands.keys()].entries()) places.set(id, `operand ${place}`);
    const written = ({ operand, node, exact }: Target) => [this.#formOf(operand), places.get(node.id), exact];
    return JSON.stringify([
      this.#length,
      this.#names.length,
      this.#nodes.map(({ kind, value, destination, args }) => [
        kind,
        value.op,
        destination !== undefined,
        args.map((id) => places.get(id)),
      ]),
      [...this.#operands].map(([id, operand]) => [this.#formOf(operand), this.#isScalar(id, operand)]),
      this.#targets.map(written),
    ]);
  }

  /** A pointer by its place among the parameters. JSON knows neither −0 nor infinities nor NaN. */
  #formOf(operand: Operand): unknown {
    if (operand.kind === 'constant') return Object.is(operand.value, -0) ? '-0' : String(operand.value);
    if (operand.kind === 'fixed') return operand;
    return [this.#names.indexOf(operand.pointer), operand.offset, operand.stride];
  }

  #isScalar(id: number, operand: Operand): boolean {
    return operand.kind === 'constant' || sizeOf(this.#context.schedule.nodes.at(id).shape) === 1;
  }

  /** One row: all units, then what is summed over them. */
  row(f: FunctionBuilder, pointers: Pointers): void {
    const scalars = this.#scalars(f, pointers);
    const sums = new Map(
      this.#nodes.flatMap((node) =>
        node.kind === 'reduce' ? [[node.id, f.let('reduced', F32x4.const(startOf(node)))] as const] : [],
      ),
    );
    const scope = { f, pointers, scalars, sums };
    if (this.#length === 1) this.#vector(scope, undefined, 0, 1);
    else this.#units(scope);
    for (const [id, lanes] of sums) this.#storeReduced(f, pointers, id, lanes);
  }

  #units(scope: Scope): void {
    const { f } = scope;
    const whole = Math.floor(this.#length / 4);
    const rounds = Math.floor(whole / UNROLL);
    if (rounds > 1) {
      f.for('at', 0, rounds * UNROLL * 16, UNROLL * 16, (at) => {
        const vectors = Array.from({ length: UNROLL }, (_, vector) => () => this.#vector(scope, at, 16 * vector, 4));
        f.interleave(vectors);
      });
    }
    const done = rounds > 1 ? rounds * UNROLL : 0;
    for (let vector = done; vector < whole; vector++) this.#vector(scope, undefined, 16 * vector, 4);
    if (this.#length % 4 > 0) this.#vector(scope, undefined, 16 * whole, this.#length % 4);
  }

  /** Four units, or the last of them. All is read before anything is written, since memory may be shared. */
  #vector(scope: Scope, at: Variable<I32> | undefined, offset: number, lanes: number): void {
    const { f, pointers, sums } = scope;
    const values = new Map<number, Variable<F32x4>>();
    const valueAt = (id: number): Variable<F32x4> => {
      const known = values.get(id) ?? scope.scalars.get(id);
      if (known) return known;
      const loaded = f.let('loaded', loadVector(this.#operands.get(id) as Operand, pointers, at, offset));
      values.set(id, loaded);
      return loaded;
    };
    for (const node of this.#nodes) {
      const args = node.args.map(valueAt);
      const sum = sums.get(node.id);
      if (sum) f.set(sum, joined(node, sum, masked(node, args[0] as F32x4, lanes)));
      else values.set(node.id, f.let('value', arithmetic(f, node, args)));
    }
    for (const target of this.#targets) {
      if (target.node.kind === 'reduce') continue;
      this.#store(f, pointers, target, { at, offset, lanes }, values.get(target.node.id) as Variable<F32x4>);
    }
  }

  #store(
    f: FunctionBuilder,
    pointers: Pointers,
    { operand, exact }: Target,
    { at, offset, lanes }: { readonly at: Variable<I32> | undefined; readonly offset: number; readonly lanes: number },
    value: Variable<F32x4>,
  ): void {
    const { base, offset: first } = addressOf(operand, pointers);
    const address = at ? base.add(at) : base;
    if (this.#length === 1) f.storeLane(address, value, 0, first + offset);
    else if (lanes < 4 && exact) {
      const end = f.let('end', address.add(first + offset));
      storePartial(f, end, value, f.let('lanes', I32.const(lanes)));
    } else f.store(address, value, first + offset);
  }

  /** What each row has one number of, in all lanes. */
  #scalars(f: FunctionBuilder, pointers: Pointers): ReadonlyMap<number, Variable<F32x4>> {
    const scalars = new Map<number, Variable<F32x4>>();
    for (const [id, operand] of this.#operands)
      if (this.#isScalar(id, operand)) scalars.set(id, f.let('scalar', loadScalar(operand, pointers)));
    return scalars;
  }

  /** Lanes 0 and 2, 1 and 3, then these two: as reduceVectors of @unrolled/wasm. */
  #storeReduced(f: FunctionBuilder, pointers: Pointers, id: number, lanes: Variable<F32x4>): void {
    const target = this.#targets.find(({ node }) => node.id === id);
    if (!target) return;
    const { node, operand } = target;
    if (this.#length > 1) {
      f.set(lanes, joined(node, lanes, lanes.shuffle(lanes, 2, 3, 2, 3)));
      f.set(lanes, joined(node, lanes, lanes.shuffle(lanes, 1, 1, 1, 1)));
    }
    const { base, offset } = addressOf(operand, pointers);
    f.storeLane(base, lanes, 0, offset);
  }
}

interface Scope {
  readonly f: FunctionBuilder;
  readonly pointers: Pointers;
  readonly scalars: ReadonlyMap<number, Variable<F32x4>>;
  readonly sums: ReadonlyMap<number, Variable<F32x4>>;
}

function startOf({ value }: Node): number {
  return value.op === 'sum' ? 0 : Number.NEGATIVE_INFINITY;
}

function joined({ value }: Node, a: F32x4, b: F32x4): F32x4 {
  return value.op === 'sum' ? a.add(b) : a.max(b);
}

/** What is beyond the last unit changes nothing. */
function masked(node: Node, value: F32x4, lanes: number): F32x4 {
  if (lanes === 4) return value;
  let mask = I32x4.const(0);
  const ones = I32x4.const(-1).asF32x4();
  mask = firstLanes(lanes, ones);
  return mask.select(value, F32x4.const(startOf(node)));
}

function firstLanes(lanes: number, ones: F32x4): I32x4 {
  const zeros = F32x4.const(0);
  const picks = [0, 1, 2, 3].map((lane) => (lane < lanes ? lane : lane + 4)) as [number, number, number, number];
  return ones.shuffle(zeros, ...picks).bits();
}
