// One training in memory: takes chunks of words, and changes the weights.
import { UnrolledError } from '@unrolled/core';
import { type Program, sharedPool } from '@unrolled/wasm';
import { header, type Layout } from './kernels/layout.ts';
import { buildModule } from './kernels/module.ts';
import { STEP } from './kernels/random.ts';
import { SENTENCE_END } from './kernels/sift.ts';
import { keysOf, type Setup, writeFirstWeights, writeTables } from './setup.ts';

/** Where a training stands between two chunks. */
export interface Position {
  /** Words that were taken in, of all epochs. */
  readonly words: number;
  /** The place of the first of `pending` among all kept words. */
  readonly kept: number;
  /** Kept words that are not trained yet, after those before them that their windows reach. */
  readonly pending: Int32Array;
  /** The windows of `pending`. */
  readonly reaches: Int32Array;
  /** The first of `pending` that is not trained. */
  readonly next: number;
}

/** A program in one thread or several. */
interface Runner {
  readonly program: Pick<Program, 'exports' | 'run'>;
  readonly mayWait: boolean;
  readonly close: () => Promise<void>;
}

/** What a chunk is trained with. */
export interface ChunkRates {
  /** Learning rate at its begin and its end. */
  readonly from: number;
  readonly to: number;
  /** Whether an epoch ends with it. */
  readonly last: boolean;
}

/** A training in memory. */
export class Trainer {
  readonly setup: Setup;
  readonly #memory: WebAssembly.Memory;
  readonly #runner: Runner;
  readonly #layout: Layout;
  readonly #view: DataView;
  readonly #keys: { readonly sift: bigint; readonly noise: bigint };
  #words = 0;
  /** The place of the buffer's entry 0 among all kept words. */
  #base = 0;
  #next = 1;
  #end = 1;

  private constructor(setup: Setup, memory: WebAssembly.Memory, runner: Runner) {
    this.setup = setup;
    this.#memory = memory;
    this.#runner = runner;
    this.#layout = setup.layout;
    this.#view = new DataView(memory.buffer);
    this.#keys = keysOf(setup.options.seed);
    this.#kept[0] = SENTENCE_END;
  }

  /** Opens a training in this thread. */
  static openHere(setup: Setup): Trainer {
    const { memory, module } = prepare(setup, false);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } });
    const run = (name: string, ...numbers: readonly number[]): void =>
      void (exports[name] as (...numbers: number[]) => unknown)(0, 1, ...numbers);
    return new Trainer(setup, memory, { program: { exports, run }, mayWait: true, close: async () => {} });
  }

  /** Opens a training in so many threads as `makeSetup` is told there are. */
  static async open(threads: number, makeSetup: (threads: number) => Setup): Promise<Trainer> {
    if (threads === 1 || typeof SharedArrayBuffer === 'undefined') return Trainer.openHere(makeSetup(1));
    const { pool, release } = await sharedPool(threads);
    try {
      if (pool.size === 1) {
        await release();
        return Trainer.openHere(makeSetup(1));
      }
      const setup = makeSetup(pool.size);
      const { memory, module } = prepare(setup, true);
      const program = await pool.load(new WebAssembly.Module(module), memory, { barrier: header.barrier });
      const close = async (): Promise<void> => {
        program.unload();
        await release();
      };
      return new Trainer(setup, memory, { program, mayWait: pool.mayWait, close });
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Words and ends of sentences of the next chunk go here, from its start. */
  get raw(): Int32Array {
    return new Int32Array(this.#memory.buffer, this.#layout.raw, this.#layout.rawEntries);
  }

  /** Trains the first `count` entries of `raw`, of which `words` are words. */
  train(count: number, words: number, { from, to, last }: ChunkRates): void {
    const view = this.#view;
    view.setBigUint64(header.siftKey, wrapped(this.#keys.sift, this.#words), true);
    const sift = this.#runner.program.exports.sift as (count: number, end: number) => number;
    this.#end = sift(count, this.#end);
    this.#words += words;
    if (last) this.#endSentence();
    const { window } = this.setup.options;
    const end = last ? this.#end : Math.max(this.#next, this.#end - window);
    if (end > this.#next) {
      view.setUint32(header.from, this.#next, true);
      view.setUint32(header.to, end, true);
      view.setUint32(header.next, this.#next, true);
      view.setFloat32(header.rate, from, true);
      view.setFloat32(header.fall, (from - to) / (end - this.#next), true);
      view.setBigUint64(header.noiseKey, wrapped(this.#keys.noise, this.#base), true);
      this.#runner.program.run('train', Number(this.#runner.mayWait));
    }
    this.#next = end;
    this.#slide(last ? this.#end : Math.max(1, end - window));
  }

  /** Numbers of all rows of a table, without the filling of rows: `[rows, size]`. */
  read(table: 'input' | 'output'): Float32Array {
    const { rows, values, stride } = this.table(table);
    const { size } = this.setup.options;
    const read = new Float32Array(rows * size);
    for (let row = 0; row < rows; row++) read.set(values.subarray(row * stride, row * stride + size), row * size);
    return read;
  }

  /** Sets all rows of a table. */
  write(table: 'input' | 'output', from: Float32Array): void {
    const { rows, values, stride } = this.table(table);
    const { size } = this.setup.options;
    for (let row = 0; row < rows; row++) values.set(from.subarray(row * size, (row + 1) * size), row * stride);
  }

  /** Whether all weights are finite. */
  isFinite(): boolean {
    // A sum of finite float32 numbers in float64 stays finite.
    const sums = (['input', 'output'] as const).map((name) => {
      const { values } = this.table(name);
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += values[i] as number;
      return sum;
    });
    return sums.every(Number.isFinite);
  }

  /** Where it stands. */
  position(): Position {
    return {
      words: this.#words,
      kept: this.#base + 1,
      pending: this.#kept.slice(1, this.#end),
      reaches: this.#reach.slice(1, this.#end),
      next: this.#next - 1,
    };
  }

  /** Goes on from a position. */
  goTo({ words, kept, pending, reaches, next }: Position): void {
    this.#words = words;
    this.#base = kept - 1;
    this.#kept.set(pending, 1);
    this.#reach.set(reaches, 1);
    this.#end = pending.length + 1;
    this.#next = next + 1;
  }

  /** Gives its threads back. */
  close(): Promise<void> {
    return this.#runner.close();
  }

  get #kept(): Int32Array {
    return new Int32Array(this.#memory.buffer, this.#layout.kept, this.#layout.positions);
  }

  get #reach(): Int32Array {
    return new Int32Array(this.#memory.buffer, this.#layout.reach, this.#layout.positions);
  }

  /** Rows of a table in memory, and the numbers from one row to the next. */
  table(table: 'input' | 'output') {
    const { plan, layout } = this.setup;
    const rows = table === 'input' ? plan.inputRows : plan.outputRows;
    const stride = layout.stride / 4;
    return { rows, stride, values: new Float32Array(this.#memory.buffer, layout[table], rows * stride) };
  }

  #endSentence(): void {
    const kept = this.#kept;
    if (kept[this.#end - 1] !== SENTENCE_END) kept[this.#end++] = SENTENCE_END;
  }

  /** Moves what windows still reach to the start of the buffer; entry 0 stays an end of a sentence. */
  #slide(from: number): void {
    if (from <= 1) return;
    this.#kept.copyWithin(1, from, this.#end);
    this.#reach.copyWithin(1, from, this.#end);
    this.#base += from - 1;
    this.#next -= from - 1;
    this.#end -= from - 1;
  }
}

/** @throws UnrolledError `TRAINING_DIVERGED` where a weight is not finite */
export function checkFinite(trainer: Trainer): void {
  if (trainer.isFinite()) return;
  const { learningRate } = trainer.setup.options;
  throw new UnrolledError(
    'TRAINING_DIVERGED',
    `Vectors hold numbers that are not finite; the learning rate began at ${learningRate}.`,
    { mend: 'Give a smaller learningRate.', data: { learningRate } },
  );
}

/** A memory with tables and first weights, and the module that works on it. */
function prepare(setup: Setup, shared: boolean) {
  const pages = Math.ceil(setup.layout.bytes / 65_536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  writeTables(memory.buffer, setup);
  writeFirstWeights(memory.buffer, setup);
  return { memory, module: buildModule(setup.plan, setup.layout, { pages, shared }).toBinary() };
}

/** The key of a place: `key` + place · step, modulo 2^64. */
function wrapped(key: bigint, place: number): bigint {
  return BigInt.asUintN(64, key + BigInt(place) * STEP);
}
