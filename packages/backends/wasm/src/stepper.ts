// One step of streams, the fast way: everything that is the same from step to step is placed once.
import type { Batch, NetworkDescription, State, StateInfo, StreamState, Tensor, Values } from '@unrolled/core';
import { batchInputs, checkBatch, checkState, sizeOf } from '@unrolled/equations';
import { layOut } from './batch-layout.ts';
import { writeHeader, writeInputs } from './call-inputs.ts';
import type { Memory } from './memory.ts';
import type { LoadedCall } from './plan.ts';
import { RowsInMemory } from './rows-in-memory.ts';
import { isVectors } from './vectors.ts';

/** What was placed for a number of streams. */
interface Placed {
  readonly size: number;
  readonly rows: RowsInMemory;
  readonly header: number;
  /** The memory that the rows are views of; another one after it has grown. */
  readonly floats: Float32Array;
}

/** Takes steps with one compiled call. */
export class Stepper {
  readonly #memory: Memory;
  readonly #call: LoadedCall;
  readonly #description: NetworkDescription;
  readonly #states: readonly (StateInfo & { readonly size: number })[];
  readonly #features: number;
  readonly #answer: number;
  #placed: Placed | undefined;

  constructor(memory: Memory, call: LoadedCall, description: NetworkDescription, states: readonly StateInfo[]) {
    this.#memory = memory;
    this.#call = call;
    this.#description = description;
    this.#states = states.map((state) => ({ ...state, size: sizeOf(state.shape) }));
    this.#features = description.input.kind === 'ids' ? 1 : description.input.size;
    this.#answer = sizeOf(call.network.builder.shape(call.network.output));
  }

  /** Forgets what was placed, since another call has used the memory. */
  forget(): void {
    this.#placed = undefined;
  }

  /** @param run - runs the call with the header at this address. @throws UnrolledError `BATCH_INVALID`, `STATE_INVALID` */
  step(state: StreamState, x: Int32Array | Values, run: (header: number) => void): readonly [StreamState, Tensor] {
    const { steps, values } = state;
    const size = steps.length;
    this.#check(state, x);
    const placed = this.#place(size);
    this.#write(placed.rows, state, x);
    run(placed.header);
    const { network, resultOf } = this.#call;
    const next: Record<string, Tensor> = {};
    for (const [i, { name, size: width }] of this.#states.entries()) {
      const data = placed.rows.readRows(resultOf(network.finals[i] as number), width);
      next[name] = { shape: (values[name] as Tensor).shape, data };
    }
    const after = new Int32Array(size);
    for (let row = 0; row < size; row++) after[row] = (steps[row] as number) + 1;
    const output = resultOf(network.output);
    const data = network.outputPerStep
      ? placed.rows.readSteps(output, this.#answer, 1)
      : placed.rows.readRows(output, this.#answer);
    return [
      { steps: after, values: next },
      { shape: [size, this.#answer], data },
    ];
  }

  #write(rows: RowsInMemory, { steps, values }: StreamState, x: Int32Array | Values): void {
    for (const { node, access } of this.#call.given) {
      const { value } = node;
      if (value.op === 'state') rows.writeRows(access, (values[value.name] as Tensor).data, sizeOf(node.shape));
      else if (value.op === 'start') rows.writeRows(access, steps, 1);
      else if (isVectors(node)) rows.writeVectors(x, this.#features);
      else if (value.op === 'input' && value.name === batchInputs.x) rows.writeSteps(access, x, 1, 'classes');
    }
  }

  /** The header, and leaves that do not change. */
  #place(size: number): Placed {
    const { floats } = this.#memory;
    if (this.#placed?.size === size && this.#placed.floats === floats) return this.#placed;
    const batch = oneStep(size);
    const layout = layOut(batch, 0);
    const placement = this.#call.buffers.place(layout, 1, this.#memory.staticBytes);
    this.#memory.ensure(placement.end);
    const views = { floats: this.#memory.floats, integers: this.#memory.integers };
    const rows = new RowsInMemory(layout, placement, views);
    writeHeader(views.integers, layout, placement, { batch, key: undefined, mayWait: true });
    const still = this.#call.given.filter(({ node }) => node.value.op === 'length' || node.value.op === 'position');
    writeInputs(
      rows,
      { ...this.#call, given: still },
      {
        batch,
        state: {},
        key: undefined,
        seeds: {},
      },
    );
    this.#placed = { size, rows, header: placement.header, floats: views.floats };
    return this.#placed;
  }

  /** Sizes alone; what does not fit is explained by the checks of every call. */
  #check({ steps, values }: StreamState, x: Int32Array | Values): void {
    const size = steps.length;
    let fits = x.length === size * this.#features;
    for (const { name, size: width, shape } of this.#states) {
      const given = values[name];
      fits &&= given !== undefined && given.data.length === size * width && given.shape.length === shape.length + 1;
    }
    const { input } = this.#description;
    if (input.kind === 'ids') for (const id of x) fits &&= Number.isInteger(id) && id >= 0 && id < input.vocabulary;
    for (const count of steps) fits &&= count >= 0;
    if (fits) return;
    checkBatch({ ...oneStep(size), inputs: { x }, start: steps }, this.#description);
    checkState(values as State, this.#states, size);
  }
}

function oneStep(size: number): Batch {
  const none = new Int32Array(size);
  return { size, time: 1, inputs: {}, lengths: new Int32Array(size).fill(1), exampleIndex: none, start: none };
}
