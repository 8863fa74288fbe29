// Where a run of rows is, while a shard is computed: which step, how many rows, and where their numbers begin.
import type { Buffer, Indexing } from '@unrolled/equations';
import { type FunctionBuilder, I32, type Variable } from '@unrolled/wasm';
import { control, header, STEP_BYTES, shard } from './header.ts';
import type { Kernel } from './kernels.ts';
import type { Pointer } from './operands.ts';

/** Address of the description of a shard of one row and no steps, which is always there. */
const NO_SHARD = control.noShard;

/** Rows side by side: how many, and where they are. */
export interface Run {
  readonly count: Variable<I32>;
  /** Position of the first row's step, and of its second index. */
  readonly first?: Variable<I32>;
  readonly second?: Variable<I32>;
  /** Number of the step, and of the second index. */
  readonly step?: Variable<I32>;
  readonly secondStep?: Variable<I32>;
}

/** The shard at hand in the function that computes it. */
export class Frame {
  readonly f: FunctionBuilder;
  readonly rowCount: Variable<I32>;
  readonly rowBase: Variable<I32>;
  readonly steps: Variable<I32>;
  readonly positionBase: Variable<I32>;
  readonly positionCount: Variable<I32>;
  readonly #table: Variable<I32>;
  readonly #pairBase: Variable<I32>;
  readonly #origins = new Map<number, Variable<I32>>();

  /**
   * @param at - address of the shard's description.
   * @param own - address of the thread's own memory; undefined where only what lasts is used.
   */
  constructor(
    f: FunctionBuilder,
    place: { readonly header: I32; readonly at: I32; readonly own: I32 | undefined },
    buffers: readonly Buffer[],
  ) {
    this.f = f;
    const word = (name: string, offset: number) => f.let(name, I32.load(place.at, offset));
    this.rowBase = word('row_base', shard.rowBase);
    this.rowCount = word('row_count', shard.rowCount);
    this.positionBase = word('position_base', shard.positionBase);
    this.positionCount = word('position_count', shard.positionCount);
    this.steps = word('steps', shard.steps);
    this.#table = word('table', shard.table);
    this.#pairBase = word('pair_base', shard.pairBase);
    for (const buffer of buffers) {
      if (buffer.extent === 'once') continue;
      const origin = f.let(`origin_${buffer.id}`, I32.load(place.header, header.buffers + 4 * buffer.id));
      if (!buffer.lasting && place.own) {
        const base = { rows: this.rowBase, steps: this.positionBase, pairs: this.#pairBase }[buffer.extent];
        f.set(origin, origin.add(place.own).sub(base.mul(4 * buffer.width)));
      }
      this.#origins.set(buffer.id, origin);
    }
  }

  /** Stands for a single row of what is the same for all: kernels run once, and nothing of a shard is at hand. */
  static ofOne(f: FunctionBuilder): Frame {
    const none = f.let('no_shard', I32.const(NO_SHARD));
    return new Frame(f, { header: none, at: none, own: undefined }, []);
  }

  /** All rows of the shard, without steps. */
  rows(): Run {
    return { count: this.rowCount };
  }

  /** All steps of all rows at once. */
  positions(): Run {
    return { count: this.positionCount, first: this.positionBase, second: this.positionBase };
  }

  /** Goes through the steps; `count` is the number of rows that have the step. */
  eachStep(reverse: boolean, body: (step: Required<Pick<Run, 'count' | 'first' | 'step'>>) => void): void {
    const { f } = this;
    f.for('round', 0, this.steps, 1, (round) => {
      const step = f.let('step', reverse ? this.steps.sub(1).sub(round) : round);
      body(this.atStep(step));
    });
  }

  /** Goes through the steps of the second index. */
  eachSecond(outer: Run | undefined, body: (run: Run) => void): void {
    const { f } = this;
    f.for('second', 0, this.steps, 1, (second) => {
      const { count, first } = this.atStep(second);
      const both = outer ? f.let('both', count.ltU(outer.count).select(count, outer.count)) : count;
      body({ ...outer, count: both, second: first, secondStep: second });
    });
  }

  /** Calls a kernel for a run. @param step - a number that the kernel may ask for. */
  run(kernel: Kernel, run: Run, step: I32 = I32.const(0)): void {
    const pointers = [...kernel.operands.pointers].map(
      ([name, pointer]) => [name, this.pointer(pointer, run)] as const,
    );
    const addresses = Object.fromEntries(kernel.operands.addresses);
    this.f.run(kernel.call({ count: run.count, step, ...Object.fromEntries(pointers), ...addresses }));
  }

  /** Address of the first row of a run. */
  pointer({ buffer, index, stride }: Pick<Pointer, 'buffer' | 'index' | 'stride'>, run: Run): I32 {
    const origin = this.#origins.get(buffer.id);
    if (!origin) throw new RangeError(`buffer ${buffer.id} is not at hand`);
    return origin.add(this.#rowOf(index, run).mul(stride));
  }

  #rowOf(index: Indexing, run: Run): I32 {
    const { first = this.positionBase, second = this.positionBase } = run;
    switch (index) {
      case 'time':
        return first;
      case 'time*':
        return second;
      case 'pair': {
        const step = run.step ?? I32.const(0);
        return this.#pairBase.add(step.mul(this.positionCount)).add(second.sub(this.positionBase));
      }
      default:
        return this.rowBase;
    }
  }

  /** The rows that have a step. */
  atStep(step: Variable<I32>): Required<Pick<Run, 'count' | 'first' | 'step'>> {
    const { f } = this;
    const entry = f.let('entry', this.#table.add(step.mul(STEP_BYTES)));
    return { count: f.let('active', I32.load(entry)), first: f.let('first', I32.load(entry, 4)), step };
  }
}
