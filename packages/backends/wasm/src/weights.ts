// What a network has learned: its weights, gradients, those that wait, and the optimizer's states, each in an arena.
import type { EquationModule, ParameterInfo, Snapshot, Tensors } from '@unrolled/core';
import { checkSnapshot, type Family, optimizerStates } from '@unrolled/equations';
import type { Arenas } from './finish.ts';
import { control, flag } from './header.ts';
import type { Memory } from './memory.ts';
import { Optimizer } from './optimizer.ts';
import { ParameterMemory } from './parameter-memory.ts';
import { TouchedRows } from './touched-rows.ts';

/** The numbers that stay from call to call. */
export class Weights {
  readonly places: ParameterMemory;
  readonly arenas: Arenas;
  readonly optimizer: Optimizer | undefined;
  readonly touched: TouchedRows;
  readonly #memory: Memory;
  readonly #parameters: readonly ParameterInfo[];
  #version = 1;
  #waiting = false;
  #updates = 0;

  /** @throws EquationError; UnrolledError `MEMORY_REFUSED` */
  constructor(
    memory: Memory,
    parameters: readonly ParameterInfo[],
    families: readonly Family[],
    optimizer: EquationModule | undefined,
  ) {
    this.#memory = memory;
    this.#parameters = parameters;
    this.optimizer = optimizer && new Optimizer(optimizer);
    this.places = new ParameterMemory(families);
    const { bytes, denseBytes, tableRows } = this.places;
    this.touched = new TouchedRows(tableRows);
    const arena = () => memory.allocate(bytes);
    const states = this.#stateNames.map(arena);
    this.arenas = { bytes, denseBytes, weights: arena(), gradients: arena(), accumulated: arena(), states };
  }

  /** Counts changes of the weights, so that what was packed of them is packed again. */
  get version(): number {
    return this.#version;
  }

  /** Tells the optimizer its rate, and gives the flags of a training step. */
  begin(optimizer: Optimizer, learningRate: number, accumulate: boolean): number {
    this.#memory.floats.set(optimizer.scalars(learningRate, this.#updates + 1), control.scalars / 4);
    return (accumulate ? flag.keep : flag.apply) | (this.#waiting ? flag.waiting : 0);
  }

  /** Notes what a training step did, and gives the norm of its gradient. */
  end(accumulate: boolean): number {
    this.#waiting = accumulate;
    if (this.#memory.integers[control.updated / 4]) {
      this.#updates += 1;
      this.#version += 1;
    }
    return this.#memory.doubles[control.norm / 8] as number;
  }

  /** Gradients of the last call that computed them, by parameter. */
  gradients(): Tensors {
    return this.#read(this.arenas.gradients);
  }

  /** Copies of all that a snapshot holds. */
  read(): Required<Snapshot> {
    const optimizer = this.#stateNames.flatMap((state, i) =>
      Object.entries(this.#read(this.arenas.states[i] as number)).map(
        ([name, tensor]) => [`${state}/${name}`, tensor] as const,
      ),
    );
    return {
      parameters: this.#read(this.arenas.weights),
      optimizer: Object.fromEntries(optimizer),
      accumulated: this.#waiting ? this.#read(this.arenas.accumulated) : {},
      updates: this.#updates,
    };
  }

  /** Overwrites what is given, once all of it is checked. @throws UnrolledError as `checkSnapshot` */
  write(snapshot: Snapshot): void {
    checkSnapshot(snapshot, this.#parameters, this.#stateNames);
    const { parameters = {}, optimizer = {}, accumulated, updates } = snapshot;
    this.#write(this.arenas.weights, parameters);
    for (const { name } of optimizerStates(this.#parameters, this.#stateNames)) {
      const [state, parameter] = splitName(name);
      const tensor = optimizer[name];
      if (tensor) this.#write(this.arenas.states[this.#stateNames.indexOf(state)] as number, { [parameter]: tensor });
    }
    if (accumulated) {
      this.touched.written();
      this.#arena(this.arenas.accumulated).fill(0);
      this.#write(this.arenas.accumulated, accumulated);
      this.#waiting = Object.keys(accumulated).length > 0;
    }
    if (updates !== undefined) this.#updates = updates;
    this.#version += 1;
  }

  get #stateNames(): readonly string[] {
    return this.optimizer?.states ?? [];
  }

  #arena(address: number): Float32Array {
    return this.#memory.floats.subarray(address / 4, (address + this.arenas.bytes) / 4);
  }

  #read(address: number): Tensors {
    const arena = this.#arena(address);
    return Object.fromEntries(
      this.#parameters.map(({ name, shape }) => [name, { shape, data: this.places.read(arena, { name }) }]),
    );
  }

  #write(address: number, tensors: Tensors): void {
    const arena = this.#arena(address);
    for (const [name, { data }] of Object.entries(tensors)) this.places.write(arena, name, data);
  }
}

/** The optimizer's state and the parameter of `m/layers.0.Wxh`. */
function splitName(name: string): readonly [string, string] {
  const at = name.indexOf('/');
  return [name.slice(0, at), name.slice(at + 1)];
}
