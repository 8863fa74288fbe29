// Runs a network in WebAssembly: compiles each kind of call when it is first made, and moves numbers in and out.
import {
  type Batch,
  checkStreams,
  type Executable,
  type ForwardResult,
  type NetworkDescription,
  type RandomKey,
  type State,
} from '@unrolled/core';
import {
  buildNetwork,
  checkAlive,
  checkBatch,
  checkExtent,
  checkSeeds,
  checkState,
  checkStatesAt,
  checkTrainStep,
  type Family,
  familiesOf,
  firstSteps,
  maskKey,
  type Network,
  requireOptimizer,
  type Seeds,
  sizeOf,
  tracedValues,
  zeroState,
} from '@unrolled/equations';
import { GEMM_SCRATCH_BYTES, type Program, type SharedPool, type ThreadPool } from '@unrolled/wasm';
import { type BatchLayout, layOut } from './batch-layout.ts';
import { type CompiledCall, compileCall } from './call.ts';
import { type Given, writeHeader, writeInputs } from './call-inputs.ts';
import { control, flag, shard } from './header.ts';
import { checkMasks } from './masks.ts';
import { Memory } from './memory.ts';
import { type CallKind, type CallPlan, type LoadedCall, planCall } from './plan.ts';
import { type Done, readForward, readInputGradients, readLoss, readTraced } from './results.ts';
import { RowsInMemory } from './rows-in-memory.ts';
import { type Flags, type Machine, type Parts, Segments } from './segments.ts';
import { Stepper } from './stepper.ts';
import { listBytes, mostListBytes, type RowLists, writeLists } from './touched-rows.ts';
import { Turns } from './turns.ts';
import { Weights } from './weights.ts';

/** How a network is compiled. */
export interface ExecutableSettings {
  /** Threads that may still be starting; there can turn out to be fewer. */
  readonly pool: Promise<SharedPool>;
  readonly threads: number;
  /** Whether relaxed SIMD is used. */
  readonly relaxed: boolean;
  /** Bytes that a batch may take. */
  readonly memory?: number;
}

/** Steps times parameters below which other threads would take longer to wake than they would save. */
const WORK_FOR_THREADS = 4e6;

/** A compiled network. */
export class WasmExecutable implements Executable {
  readonly parameters: Executable['parameters'];
  readonly states: Executable['states'];
  readonly streams: Executable['streams'];
  readonly #description: NetworkDescription;
  readonly #settings: ExecutableSettings;
  readonly #network: Network;
  readonly #families: readonly Family[];
  readonly #memory: Memory;
  readonly #weights: Weights;
  readonly #scratch: number;
  readonly #plans = new Map<string, CallPlan>();
  readonly #calls = new Map<string, LoadedCall>();
  readonly #segments: Segments | undefined;
  readonly #turns = new Turns();
  readonly #programs: Program[] = [];
  /** The network as it is built for segments of sequences. */
  #inSegments: Network | undefined;
  #stepper: { readonly call: LoadedCall; readonly stepper: Stepper } | undefined;
  /** The stepper whose placement is in memory. */
  #last: Stepper | undefined;
  #pool: ThreadPool | undefined;
  #disposed = false;

  /** @throws EquationError; UnrolledError `MEMORY_REFUSED` */
  constructor(description: NetworkDescription, settings: ExecutableSettings) {
    this.#description = description;
    this.#settings = settings;
    this.#network = buildNetwork(description);
    this.parameters = this.#network.parameters;
    this.states = this.#network.states;
    this.streams = this.#network.streams;
    this.#families = familiesOf(this.#network.builder, this.parameters);
    this.#memory = new Memory(settings.threads > 1 && typeof SharedArrayBuffer !== 'undefined');
    this.#memory.allocate(control.bytes);
    this.#memory.integers[(control.noShard + shard.rowCount) / 4] = 1;
    this.#weights = new Weights(this.#memory, this.parameters, this.#families, description.optimizer);
    this.#scratch = this.#memory.allocate(GEMM_SCRATCH_BYTES * settings.threads);
    this.#segments = settings.memory === undefined ? undefined : new Segments(this.#machine(), settings.memory);
  }

  readonly initialState = (batch: number): State => {
    checkAlive(this.#disposed);
    return zeroState(this.states, batch, (length) => new Float32Array(length));
  };

  readonly step: Executable['step'] = async (state, x) =>
    this.#inTurn(async () => {
      checkStreams(this);
      this.#stepper ??= await this.#openStepper();
      const { call, stepper } = this.#stepper;
      if (this.#last !== stepper) stepper.forget();
      this.#last = stepper;
      return stepper.step(state, x, (header) => this.#runCall(call, 1, header, 0));
    });

  readonly forward: Executable['forward'] = async (batch, state, { mode, key, statesAt }) =>
    this.#inTurn(async () => {
      const given = this.#checked(batch, state, maskKey(mode, key));
      checkStatesAt(statesAt, this.#description);
      const result = await this.#forward(given);
      return statesAt ? { ...result, intermediate: await this.#statesAt(given, statesAt, result.state) } : result;
    });

  readonly gradients: Executable['gradients'] = async (batch, state, { key, outputGradient, finalStateGradient }) =>
    this.#inTurn(async () => {
      const seeds: Seeds = { output: outputGradient, finals: finalStateGradient };
      const given: Given = { ...this.#checked(batch, state, key), seeds };
      checkSeeds(seeds, this.#network, batch);
      const kind = {
        loss: this.#countsLoss(batch),
        gradients: { output: seeds.output !== undefined, finals: seeds.finals !== undefined },
        ofInputs: true,
      };
      const { end, ...parts } = await this.#runWhole(given, kind, 0, (call) => ({
        loss: kind.loss ? this.#loss(call) : 0,
        parameters: this.#weights.gradients(),
      }));
      return { ...parts, ...end };
    });

  readonly trainStep: Executable['trainStep'] = async (batch, state, options) =>
    this.#inTurn(async () => {
      const { key, learningRate, accumulate = false, statesAt, output: told } = options;
      const given: Given = { ...this.#checked(batch, state, key), ...(told && { output: told }) };
      const optimizer = requireOptimizer(this.#weights.optimizer);
      checkTrainStep(batch, { key, learningRate });
      checkStatesAt(statesAt, this.#description);
      // Before the update, since states in between are those of the weights that the step began with.
      const before = statesAt && (await this.#statesAt(given, statesAt));
      const kind = { loss: this.#countsLoss(batch), gradients: { output: false, finals: false } };
      const flags = () => this.#weights.begin(optimizer, learningRate, accumulate);
      const {
        output,
        state: final,
        end,
      } = await this.#runWhole(given, kind, flags, (call) => {
        const gradientNorm = this.#weights.end(accumulate);
        return { loss: kind.loss ? this.#loss(call) : 0, gradientNorm };
      });
      const step = { output, state: final, ...end };
      return before ? { ...step, intermediate: before.map((each) => each ?? step.state) } : step;
    });

  readonly trace: Executable['trace'] = async (batch, state, names) =>
    this.#inTurn(async () => {
      const given = this.#checked(batch, state, undefined);
      const ids = tracedValues(this.#network, names);
      return this.#run(given, { loss: false, traced: names }, 0, (done) =>
        Object.fromEntries(names.map((name, i) => [name, readTraced(done, ids[i] as number, batch)] as const)),
      );
    });

  readonly read: Executable['read'] = async () => this.#inTurn(async () => this.#weights.read());

  readonly write: Executable['write'] = async (snapshot) => this.#inTurn(async () => this.#weights.write(snapshot));

  readonly summary: NonNullable<Executable['summary']> = async ({ size, time, lengths }) =>
    this.#inTurn(async () => {
      const trains = this.#network.loss !== undefined;
      const kind = { loss: trains, ...(trains && { gradients: { output: false, finals: false } }) };
      checkExtent(size, time);
      // An input, a product, a state and its gradient are the least that a step of a sequence takes.
      this.#memory.expect(16 * size * time);
      const batch = { size, lengths: lengths ?? new Int32Array(size).fill(time) };
      const [segments, whole] = [this.#segments, new Segments(this.#machine(), Number.POSITIVE_INFINITY)];
      const plan = (segments ?? whole).plan(batch, kind);
      await whole.load(plan, kind, trains && this.#weights.optimizer !== undefined);
      const parameters = this.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      return {
        parameters,
        bytes: {
          parameters: 4 * parameters,
          optimizer: 4 * parameters * this.#weights.arenas.states.length,
          activations: whole.plan(batch, kind).bytes,
          peak: this.#memory.bytesUpTo(this.#memory.staticBytes + plan.bytes),
        },
        recomputedSteps: plan.recomputedSteps,
      };
    });

  readonly dispose = (): void => {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#calls.clear();
    for (const program of this.#programs) program.unload();
    void this.#settings.pool.then(({ release }) => release());
  };

  /** Calls share the memory, so each begins when those before it are done. */
  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      checkAlive(this.#disposed);
      try {
        return await call();
      } catch (error) {
        // Whatever else went wrong may have come from disposing it meanwhile.
        checkAlive(this.#disposed);
        throw error;
      }
    });
  }

  async #forward(given: Given): Promise<ForwardResult> {
    const loss = this.#countsLoss(given.batch);
    const { output, state, end } = await this.#runWhole(given, { loss }, 0, (call) => (loss ? this.#loss(call) : 0));
    return { output, state, ...(loss && { loss: end }) };
  }

  /** Runs a call over whole sequences: at once, or in segments where memory is bounded. */
  async #runWhole<R>(
    given: Given,
    kind: CallKind,
    flags: Flags,
    read: (call: LoadedCall) => R,
  ): Promise<Parts & { readonly end: R }> {
    if (!this.#segments) return this.#runParts(given, kind, flags, read);
    const plan = this.#segments.plan(given.batch, kind);
    return this.#segments.run(plan, { given, kind, flags, read });
  }

  #runParts<R>(
    given: Given,
    kind: CallKind,
    flags: Flags,
    read: (call: LoadedCall) => R,
  ): Promise<Parts & { readonly end: R }> {
    return this.#run(given, kind, flags, (done) => ({
      ...readForward(done, given, this.states),
      ...readInputGradients(done, given.batch, this.states),
      end: read(done.call),
    }));
  }

  /** What calls in segments use. */
  #machine(): Machine {
    return {
      description: this.#description,
      network: this.#network,
      memory: this.#memory,
      plan: (kind) => this.#plan(kind),
      call: (kind, updates) => this.#call(kind, updates),
      run: (given, kind, flags, read) => this.#runParts(given, kind, flags, read),
      layOut: (batch) => layOut(batch, this.#weights.arenas.bytes),
      listBytes: (positions) => mostListBytes(positions, this.#weights.places),
      threadsFor: (layout) => this.#threadsFor(layout),
    };
  }

  /**
   * Runs a call from inputs in the caller's memory to results in the module's, and reads these before any other call
   * can overwrite them.
   */
  async #run<R>(given: Given, kind: CallKind, flags: Flags, read: (done: Done) => R): Promise<R> {
    const call = await this.#call(kind, typeof flags === 'function');
    checkAlive(this.#disposed);
    const { layout = layOut(given.batch, this.#weights.arenas.bytes), reserved = 0 } = given;
    checkMasks(call.masks, layout.steps);
    const threads = this.#threadsFor(layout);
    const placement = call.buffers.place(layout, threads, this.#memory.staticBytes + reserved);
    const bits = typeof flags === 'function' ? flags() : flags;
    const lists = call.gradients && this.#touchedRows(given.batch, layout, bits);
    this.#memory.ensure(placement.end + (lists ? listBytes(lists, this.#weights.places.tables.length) : 0));
    this.#last = undefined;
    const views = { floats: this.#memory.floats, integers: this.#memory.integers };
    const rows = new RowsInMemory(layout, placement, views);
    writeHeader(views.integers, layout, placement, { ...given, mayWait: this.#pool?.mayWait ?? true });
    if (lists) this.#weights.touched.runs(lists);
    if (lists) writeLists(views.integers, lists, { header: placement.header, address: placement.end });
    writeInputs(rows, call, given);
    this.#runCall(call, threads, placement.header, bits);
    return read({ call, rows, floats: views.floats });
  }

  /** Rows of looked-up tables that a call with gradients writes or has to clear. */
  #touchedRows(batch: Batch, layout: BatchLayout, flags: number): RowLists {
    const waits = (flags & (flag.keep | flag.waiting)) !== 0;
    return this.#weights.touched.listsOf(batch, layout, { continues: (flags & flag.continues) !== 0, waits });
  }

  /** Runs what is in memory; packs matrices that have changed before. */
  #runCall(call: LoadedCall, threads: number, header: number, flags: number): void {
    const { version } = this.#weights;
    call.run(threads, header, call.packedFrom === version ? flags : flags | flag.prepare);
    call.packedFrom = version;
  }

  async #openStepper(): Promise<{ readonly call: LoadedCall; readonly stepper: Stepper }> {
    const call = await this.#call({ loss: false }, false);
    checkAlive(this.#disposed);
    return { call, stepper: new Stepper(this.#memory, call, this.#description, this.states) };
  }

  /** All threads, or the caller's alone for what is done before others would be awake. */
  #threadsFor({ positions }: Pick<BatchLayout, 'positions'>): number {
    const work = positions * (this.#weights.arenas.bytes / 4);
    return work < WORK_FOR_THREADS ? 1 : (this.#pool?.size ?? this.#settings.threads);
  }

  /** A call of this kind, compiled when it is first made. */
  async #call(kind: CallKind, updates: boolean): Promise<LoadedCall> {
    const key = JSON.stringify([kind, updates]);
    const known = this.#calls.get(key);
    if (known) return known;
    const loaded = await this.#load(kind, updates);
    this.#calls.set(key, loaded);
    return loaded;
  }

  /** How a call of this kind is computed. */
  #plan(kind: CallKind): CallPlan {
    const key = JSON.stringify(kind);
    const known = this.#plans.get(key);
    if (known) return known;
    if (kind.segments) this.#inSegments ??= buildNetwork(this.#description, { segments: true });
    const plan = planCall((kind.segments && this.#inSegments) || this.#network, this.#families, kind);
    this.#plans.set(key, plan);
    return plan;
  }

  /**
   * What a kind of call is compiled to.
   * @throws UnrolledError `MEMORY_REFUSED`
   */
  compile(kind: CallKind, updates: boolean): CallPlan & { readonly compiled: CompiledCall } {
    const plan = this.#plan(kind);
    const { loss } = plan.network;
    const optimizer = updates ? this.#weights.optimizer : undefined;
    const lossAt = loss === undefined ? undefined : plan.resultOf(loss);
    const finish = optimizer && { optimizer, clip: this.#description.clip ?? {}, loss: lossAt };
    const compiled = compileCall({
      schedule: plan.schedule,
      parameters: this.#weights.places,
      arenas: this.#weights.arenas,
      allocate: this.#memory.allocate,
      scratch: this.#scratch,
      ...(finish && { finish }),
      memory: { shared: this.#memory.shared, maximum: this.#memory.maximum },
      relaxed: this.#settings.relaxed,
    });
    return { ...plan, compiled };
  }

  async #load(kind: CallKind, updates: boolean): Promise<LoadedCall> {
    const plan = this.compile(kind, updates);
    const { compiled } = plan;
    for (const { address, count, value } of compiled.constants)
      this.#memory.floats.fill(value, address / 4, address / 4 + count);
    const module = await WebAssembly.compile(compiled.module.toBinary());
    const { pool } = await this.#settings.pool;
    this.#pool = pool;
    const program = await pool.load(module, this.#memory.memory, { barrier: control.barrier });
    if (this.#disposed) program.unload();
    else this.#programs.push(program);
    const alone = program.exports.run as (...of: number[]) => void;
    const run = (threads: number, header: number, flags: number): void => {
      // Where a thread has failed, the weights may be half changed: its program says so.
      if (threads === 1 && pool.state === 'open') alone(0, 1, header, flags);
      else program.run('run', header, flags);
    };
    return { ...plan, kind, run, packedFrom: 0 };
  }

  #loss(call: LoadedCall): number {
    return readLoss(call, this.#memory.floats);
  }

  /** States after some numbers of steps: the batch run again with its sequences cut there; undefined for all steps. */
  async #statesAt(given: Given, steps: readonly number[]): Promise<readonly (State | undefined)[]>;
  async #statesAt(given: Given, steps: readonly number[], final: State): Promise<readonly State[]>;
  async #statesAt(
    { batch, state, key, seeds }: Given,
    steps: readonly number[],
    final?: State,
  ): Promise<readonly (State | undefined)[]> {
    const longest = batch.lengths.reduce((a, b) => Math.max(a, b), 0);
    const states: (State | undefined)[] = [];
    for (const count of steps) {
      if (count === 0) states.push(state);
      else if (count >= longest) states.push(final);
      else states.push((await this.#forward({ batch: firstSteps(batch, count), state, key, seeds })).state);
    }
    return states;
  }

  #countsLoss({ targets, weights }: Batch): boolean {
    return this.#network.loss !== undefined && targets !== undefined && weights !== undefined;
  }

  #checked(batch: Batch, state: State, key: RandomKey | undefined): Given {
    checkBatch(batch, this.#description);
    checkState(state, this.states, batch.size);
    return { batch, state, key, seeds: {} };
  }
}
