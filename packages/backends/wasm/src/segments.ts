// Runs calls over sequences in segments of steps, so that only one segment's values are in memory at once.
//
// States at the beginnings of segments come from running forward; then, from the last segment to the first, each runs
// forward again and backward from the gradient of the later one's first state. What is summed over steps goes on from
// segment to segment in the order that it has over whole sequences, so the bits are the same.
import {
  type Batch,
  counted,
  type NetworkDescription,
  printMemory,
  type State,
  type StateInfo,
  type Tensor,
  type Tensors,
  UnrolledError,
  type Values,
} from '@unrolled/core';
import { type Network, type Seeds, segmentInputs, sizeOf } from '@unrolled/equations';
import { type BatchLayout, extentsOf, sliceSteps } from './batch-layout.ts';
import type { Given } from './call-inputs.ts';
import { nextCheckpoint } from './checkpoints.ts';
import { flag } from './header.ts';
import type { Memory } from './memory.ts';
import { leastBytes, planSegments, type SegmentPlan } from './memory-budget.ts';
import type { CallKind, CallPlan, LoadedCall } from './plan.ts';
import { sumOfSequence } from './sequence-sums.ts';

/** What a call gives for its sequences; gradients where its kind has them. */
export interface Parts {
  readonly output: Tensor;
  readonly state: State;
  readonly initialState: State;
  readonly inputs: Tensors;
}

/** Flags of a call, or where it changes the weights what is to be done before it begins, which gives them. */
export type Flags = number | (() => number);

/** The executable, as calls in segments use it. */
export interface Machine {
  readonly description: NetworkDescription;
  readonly network: Network;
  readonly memory: Memory;
  /** How a kind of call is computed, not compiled yet. */
  readonly plan: (kind: CallKind) => CallPlan;
  readonly call: (kind: CallKind, updates: boolean) => Promise<LoadedCall>;
  /** Runs one call; `read` gets what is only there now. */
  readonly run: <R>(
    given: Given,
    kind: CallKind,
    flags: Flags,
    read: (call: LoadedCall) => R,
  ) => Promise<Parts & { readonly end: R }>;
  readonly layOut: (batch: Pick<Batch, 'size' | 'lengths'>) => BatchLayout;
  /** Most bytes of the lists of rows that steps look up in tables. */
  readonly listBytes: (positions: number) => number;
  readonly threadsFor: (layout: { readonly positions: number }) => number;
}

/** A call in segments. */
interface Work<R> {
  readonly given: Given;
  readonly layout: BatchLayout;
  readonly plan: SegmentPlan;
  readonly kind: CallKind;
  readonly flags: Flags;
  readonly read: (call: LoadedCall) => R;
}

const forwardOnly: CallKind = { loss: false };

/** Calls within a bound on the memory that batches take. */
export class Segments {
  readonly #machine: Machine;
  readonly #bytes: number;

  /** @param bytes - that a batch may take, besides what belongs to the network. */
  constructor(machine: Machine, bytes: number) {
    this.#machine = machine;
    this.#bytes = bytes;
  }

  /**
   * How a call goes through its sequences within the budget.
   * @throws UnrolledError `MEMORY_BUDGET` where it can't, with the least memory in which it could
   */
  plan(batch: Pick<Batch, 'size' | 'lengths'>, kind: CallKind): SegmentPlan {
    const { plan, network, layOut } = this.#machine;
    const layout = layOut(batch);
    const { steps } = layout;
    const bytes = this.#bytesOf(layout, plan(kind))(steps);
    if (bytes <= this.#bytes) return { steps, segments: 1, slots: 0, bytes, recomputedSteps: 0 };
    const reason = network.streams === true ? kind.gradients && sumOfSequence(plan(kind), network) : network.streams;
    if (reason !== undefined) throw tooSmall(layout, bytes, this.#bytes, reason);
    return this.#cut(layout, kind);
  }

  #cut(layout: BatchLayout, kind: CallKind): SegmentPlan {
    const { plan, network } = this.#machine;
    const { steps } = layout;
    const [outer, inner] = [segmentsOf(kind), forwardOnly].map((each) => this.#bytesOf(layout, plan(each)));
    const bytesOf = (count: number): number => Math.max(outer?.(count) ?? 0, inner?.(count) ?? 0);
    const stateBytes = slotBytes(network.states, layout.rows);
    const backwards = this.#goesBackwards(kind);
    const group = backwards ? layout.group : 1;
    const found = planSegments({ bytes: this.#bytes, steps, group, bytesOf, stateBytes, backwards });
    if (found) return found;
    const reason = backwards ? 'that many are summed together.' : 'each sequence has one.';
    const least = leastBytes({ group, steps, bytesOf });
    throw tooSmall(layout, least, this.#bytes, `${Math.min(group, steps)} steps at once are the least: ${reason}`);
  }

  /** Compiles what a plan needs, so that no memory moves while it runs. */
  async load({ segments }: SegmentPlan, kind: CallKind, updates: boolean): Promise<void> {
    const { call } = this.#machine;
    if (segments === 1) await call(kind, updates);
    else {
      await call(segmentsOf(kind), updates);
      await call(forwardOnly, false);
    }
  }

  /** Runs a call as planned. */
  async run<R>(
    plan: SegmentPlan,
    { given, kind, flags, read }: Pick<Work<R>, 'given' | 'kind' | 'flags' | 'read'>,
  ): Promise<Parts & { readonly end: R }> {
    if (plan.segments === 1) return this.#machine.run(given, kind, flags, read);
    const layout = this.#machine.layOut(given.batch);
    const work = { given, layout, plan, kind, flags, read };
    await this.load(plan, kind, typeof flags === 'function');
    const { memory } = this.#machine;
    memory.ensure(memory.staticBytes + plan.bytes);
    return this.#goesBackwards(kind) ? new Backwards(this.#machine, work).run() : forwards(this.#machine, work);
  }

  /** Gradients, and a loss at each step: their sums run from the last step to the first. */
  #goesBackwards({ loss, gradients }: CallKind): boolean {
    return gradients !== undefined || (loss && this.#machine.description.target.per === 'step');
  }

  /** Bytes of a call over the first so many steps; rows of tables are listed for all steps. */
  #bytesOf(layout: BatchLayout, { buffers, gradients }: CallPlan): (steps: number) => number {
    const { threadsFor, listBytes } = this.#machine;
    const lists = gradients ? listBytes(layout.positions) : 0;
    return (steps) => {
      const extents = extentsOf(layout, steps);
      return buffers.place(extents, threadsFor(extents), 0).end + lists;
    };
  }
}

const ALIGNMENT = 64;

function slotBytes(states: readonly StateInfo[], rows: number): number {
  const numbers = states.reduce((sum, { shape }) => sum + rows * sizeOf(shape), 0);
  return Math.ceil((4 * numbers) / ALIGNMENT) * ALIGNMENT;
}

/** The kind of call that computes a segment of what another computes whole. */
function segmentsOf(kind: CallKind): CallKind {
  if (!kind.loss && !kind.gradients) return kind;
  const gradients = kind.gradients && { ...kind.gradients, finals: true };
  return { ...kind, segments: true, ...(gradients && { gradients }) };
}

function tooSmall({ rows, steps }: BatchLayout, least: number, budget: number, reason: string): UnrolledError {
  return new UnrolledError(
    'MEMORY_BUDGET',
    `A call with ${counted(rows, 'sequence')} of up to ${counted(steps, 'step')} needs ${printMemory(least)} of memory or more, but it may have ${printMemory(budget)}. ${reason}`,
    {
      mend: `Compile with memory: '${printMemory(least)}', or use smaller batches or shorter sequences.`,
      data: { bytes: least, budget },
    },
  );
}

type Sliced = Pick<Work<unknown>, 'given' | 'layout' | 'plan'>;

/** A segment as a batch of its own, laid out as in the whole. */
function slice({ description, network }: Machine, { given, layout, plan }: Sliced, segment: number): Given {
  const { input, target } = description;
  const { batch, seeds } = given;
  const { size, inputs, targets, weights } = batch;
  const from = segment * plan.steps;
  const to = Math.min(from + plan.steps, layout.steps);
  const cut = <T extends Int32Array | Values>(all: T, width: number): T =>
    all.subarray(from * size * width, to * size * width) as T;
  const perStep = target.per === 'step';
  const { x } = inputs;
  const { output } = seeds;
  return {
    ...given,
    layout: sliceSteps(layout, from, to),
    seeds: {
      ...seeds,
      output:
        output && network.outputPerStep ? { ...output, data: cut(output.data, sizeOf(output.shape.slice(2))) } : output,
    },
    batch: {
      ...batch,
      time: to - from,
      inputs: x ? { x: cut(x, input.kind === 'ids' ? 1 : input.size) } : {},
      lengths: batch.lengths.map((length) => Math.max(0, Math.min(length, to) - from)),
      // A sequence without steps has begun too, so that a learned first state stands at its true beginning alone.
      start: batch.start.map((start, row) =>
        from === 0 ? start : Math.max(1, start + Math.min(batch.lengths[row] as number, from)),
      ),
      ...(targets && perStep && { targets: cut(targets, target.kind === 'class' ? 1 : target.size) }),
      ...(weights && perStep && { weights: cut(weights, 1) }),
    },
  };
}

/** What a call in segments is told of where its sequences end, and what is pooled there. */
function leavesOf(
  { network }: Machine,
  { batch }: Given,
  final: State | undefined,
): Readonly<Record<string, ArrayLike<number>>> {
  const { size, lengths } = batch;
  const pooled = network.states.map(({ name, shape }) => [
    segmentInputs.final(name),
    final?.[name]?.data ?? new Float32Array(size * sizeOf(shape)),
  ]);
  const ends = final ? new Float32Array(size) : Float32Array.from(lengths, (length) => (length > 0 ? 2 : 1));
  return { ...Object.fromEntries(pooled), [segmentInputs.ends]: ends };
}

/** Steps of all segments as one tensor. */
class Steps {
  readonly #time: number;
  #whole: Tensor | undefined;

  constructor(time: number) {
    this.#time = time;
  }

  /** Puts those of a segment where they belong. */
  put({ shape: [, ...row], data }: Tensor, from: number): void {
    const size = sizeOf(row);
    this.#whole ??= { shape: [this.#time, ...row], data: new Float32Array(this.#time * size) };
    this.#whole.data.set(data, from * size);
  }

  get tensor(): Tensor | undefined {
    return this.#whole;
  }
}

/** From the first segment to the last; a loss is that of the last one's pooled values. */
async function forwards<R>(machine: Machine, work: Work<R>): Promise<Parts & { readonly end: R }> {
  const { given, plan, kind, flags, read } = work;
  const steps = new Steps(given.batch.time);
  const put = (output: Tensor, segment: number): void => {
    if (machine.network.outputPerStep) steps.put(output, segment * plan.steps);
  };
  let { state } = given;
  for (let segment = 0; segment < plan.segments - 1; segment++) {
    const done = await machine.run({ ...slice(machine, work, segment), state }, forwardOnly, 0, () => undefined);
    put(done.output, segment);
    state = done.state;
  }
  const last = plan.segments - 1;
  const leaves = leavesOf(machine, given, undefined);
  const done = await machine.run({ ...slice(machine, work, last), state, leaves }, segmentsOf(kind), flags, read);
  put(done.output, last);
  return { ...done, output: steps.tensor ?? done.output };
}

/** From the last segment to the first, with states kept in memory behind what belongs to the network. */
class Backwards<R> {
  readonly #machine: Machine;
  readonly #work: Work<R>;
  readonly #kind: CallKind;
  readonly #slotBytes: number;
  readonly #outputs: Steps;
  readonly #inputs: Steps;
  /** Of the last segment. */
  #final: Parts | undefined;
  /** By the first state of the segment that ran last. */
  #gradient: State | undefined;
  #end: R | undefined;

  constructor(machine: Machine, work: Work<R>) {
    this.#machine = machine;
    this.#work = work;
    this.#kind = segmentsOf(work.kind);
    this.#slotBytes = slotBytes(machine.network.states, work.layout.rows);
    this.#outputs = new Steps(work.given.batch.time);
    this.#inputs = new Steps(work.given.batch.time);
  }

  async run(): Promise<Parts & { readonly end: R }> {
    const { plan, given } = this.#work;
    await this.#through(0, plan.segments, given.state, plan.slots);
    const { output, state } = this.#final as Parts;
    const x = this.#inputs.tensor;
    return {
      ...{ output: this.#outputs.tensor ?? output, state },
      initialState: this.#gradient ?? {},
      inputs: x ? { x } : {},
      end: this.#end as R,
    };
  }

  /** Takes the segments from one to before another, the last one first, with room for so many states. */
  async #through(from: number, to: number, state: State, slots: number): Promise<void> {
    if (to - from === 1) return this.#turn(from, state);
    if (slots > 0) {
      const middle = from + nextCheckpoint(to - from, slots);
      const kept = this.#keep(await this.#advance(from, middle, state), this.#work.plan.slots - slots);
      await this.#through(middle, to, kept, slots - 1);
      return this.#through(from, middle, state, slots);
    }
    for (let segment = to - 1; segment >= from; segment--)
      await this.#turn(segment, await this.#advance(from, segment, state));
  }

  /** The state at the beginning of a segment. */
  async #advance(from: number, to: number, first: State): Promise<State> {
    let state = first;
    for (let segment = from; segment < to; segment++)
      ({ state } = await this.#machine.run(this.#given(segment, state), forwardOnly, 0, () => undefined));
    return state;
  }

  /** Runs a segment forward and backward. */
  async #turn(segment: number, state: State): Promise<void> {
    const { plan, given, flags, read } = this.#work;
    const isFirst = segment === 0;
    const sums = (segment < plan.segments - 1 ? flag.continues : 0) | (isFirst ? 0 : flag.unfinished);
    const joined = typeof flags === 'number' ? flags | sums : () => (isFirst ? flags() | sums : sums);
    const sliced = this.#given(segment, state);
    const leaves = leavesOf(this.#machine, given, this.#final?.state);
    const seeds = this.#final ? { ...this.#seedsOfEarlier(sliced), finals: this.#gradient } : sliced.seeds;
    const done = await this.#machine.run({ ...sliced, leaves, seeds }, this.#kind, joined, (call) =>
      isFirst ? read(call) : undefined,
    );
    this.#final ??= done;
    this.#gradient = done.initialState;
    this.#end = done.end;
    if (this.#machine.network.outputPerStep) this.#outputs.put(done.output, segment * plan.steps);
    if (done.inputs.x) this.#inputs.put(done.inputs.x, segment * plan.steps);
  }

  /** An answer for the whole sequence is weighed in the last segment alone. */
  #seedsOfEarlier({ seeds: { output } }: Given): Seeds {
    if (!output || this.#machine.network.outputPerStep) return { output };
    return { output: { ...output, data: new Float32Array(output.data.length) } };
  }

  #given(segment: number, state: State): Given {
    const reserved = this.#work.plan.slots * this.#slotBytes;
    return { ...slice(this.#machine, this.#work, segment), state, reserved };
  }

  /** Copies a state to its place among those that are kept. */
  #keep(state: State, slot: number): State {
    const { memory, network } = this.#machine;
    let next = (memory.staticBytes + slot * this.#slotBytes) / 4;
    const kept = network.states.map(({ name }) => {
      const { shape, data } = state[name] as Tensor;
      const at = next;
      next += data.length;
      // Memory may have grown, and so be another one, when the state is read.
      const place = () => memory.floats.subarray(at, at + data.length);
      place().set(data);
      const tensor: Tensor = {
        shape,
        get data() {
          return place();
        },
      };
      return [name, tensor] as const;
    });
    return Object.fromEntries(kept);
  }
}
