// Compiles one kind of call, such as a training step, into a WebAssembly module.
import type { Access, Buffer, Item, Node, Schedule } from '@unrolled/equations';
import { sizeOf } from '@unrolled/equations';
import {
  type Barrier,
  barrier,
  GEMM_SCRATCH_BYTES,
  gemm,
  I32,
  type MaskFunction,
  ModuleBuilder,
  maskFunction,
  type Variable,
} from '@unrolled/wasm';
import {
  type CollectContext,
  columnSumFunction,
  emitCollected,
  outerSumFunction,
  vectorSumFunction,
} from './collect.ts';
import { type Arenas, emitFinish, type Finish, sumBytes } from './finish.ts';
import { Frame } from './frame.ts';
import { control, flag, header, shard } from './header.ts';
import type { KernelContext } from './kernels.ts';
import type { FixedAddresses } from './operands.ts';
import type { ParameterMemory } from './parameter-memory.ts';
import { partOf } from './parts.ts';
import { PackedMatrices } from './products.ts';
import { emitItems, type RowsContext } from './rows.ts';
import { eachListed } from './tables.ts';
import { emitVectors, isVectors } from './vectors.ts';

/** What a call is compiled from. */
export interface CallDescription {
  readonly schedule: Schedule;
  readonly parameters: ParameterMemory;
  readonly arenas: Arenas;
  /** Gives out memory that stays. */
  readonly allocate: (bytes: number) => number;
  /** Address of the products' scratch of each thread. */
  readonly scratch: number;
  /** Of a training step. */
  readonly finish?: Omit<Finish, 'arenas' | 'loss' | 'sums' | 'tables' | 'meet'> & {
    readonly loss: Access | undefined;
  };
  readonly memory: { readonly shared: boolean; readonly maximum: number };
  readonly relaxed: boolean;
}

/** A compiled call. */
export interface CompiledCall {
  readonly module: ModuleBuilder;
  /** Memory that must hold constants before the call runs. */
  readonly constants: readonly { readonly address: number; readonly count: number; readonly value: number }[];
  /** Where an access that does not move is. */
  readonly addressOf: (access: Access) => number;
}

/** Compiles a call: its export `run(thread, threads, header, flags)`. */
export function compileCall(description: CallDescription): CompiledCall {
  return new CallBuilder(description).build();
}

type Parameter = Readonly<Record<'thread' | 'threads' | 'header' | 'flags', Variable<I32>>>;

class CallBuilder implements FixedAddresses {
  readonly #description: CallDescription;
  readonly #module: ModuleBuilder;
  readonly #barrier: Barrier;
  readonly #once = new Map<number, number>();
  readonly #constants = new Map<string, { address: number; count: number; value: number }>();
  readonly #packed: PackedMatrices;
  readonly #context: KernelContext;
  #mask: MaskFunction | undefined;
  #names = 0;

  constructor(description: CallDescription) {
    const { memory, relaxed, schedule, allocate } = description;
    this.#description = description;
    const limits = { minimum: 1, maximum: memory.maximum, shared: memory.shared };
    this.#module = new ModuleBuilder({ memory: { ...limits, import: { module: 'env', name: 'memory' } } });
    this.#barrier = barrier(this.#module);
    this.#packed = new PackedMatrices(allocate);
    for (const buffer of schedule.buffers)
      if (buffer.extent === 'once') this.#once.set(buffer.id, allocate(4 * buffer.width + 16));
    this.#context = {
      module: this.#module,
      schedule,
      fixed: this,
      gemm: gemm(this.#module, { arithmetic: relaxed ? 'relaxed' : 'exact' }),
      fused: new Map(),
      nextName: (name) => `${name}_${this.#names++}`,
    };
  }

  build(): CompiledCall {
    const rows = this.#rows();
    const collects = this.#collected();
    const parameters = { thread: I32, threads: I32, header: I32, flags: I32 };
    const run = this.#module.function('run', parameters, (f, at) => {
      const meet = () => {
        const mayWait = I32.load(at.header, header.mayWait).or(at.thread);
        f.run(this.#barrier({ address: control.barrier, threads: at.threads, mayWait }));
      };
      f.if(at.flags.and(flag.prepare), () => {
        f.if(at.thread.eqz(), () => f.run(this.#alone('shared')({})));
        meet();
        f.run(this.#pack()({ thread: at.thread, threads: at.threads }));
      });
      f.if(at.flags.and(flag.continues).eqz(), () =>
        f.run(this.#clear()({ thread: at.thread, threads: at.threads, header: at.header })),
      );
      f.if(at.thread.eqz(), () => f.store(I32.const(control.nextShard), I32.const(0)));
      meet();
      // Each thread takes the next shard, so that a late one keeps nobody waiting.
      f.loop('shards', (again) => {
        const index = f.let('index', I32.atomicAdd(I32.const(control.nextShard), 1));
        f.if(index.ltU(I32.load(at.header, header.shards)), () => {
          f.run(rows({ thread: at.thread, header: at.header, index }));
          again.go();
        });
      });
      if (this.#description.schedule.phases.collected.length > 0) {
        meet();
        f.run(collects({ thread: at.thread, threads: at.threads, header: at.header }));
      }
      f.if(at.flags.and(flag.unfinished).eqz(), () => {
        if (this.#description.schedule.phases.after.length > 0) {
          meet();
          f.if(at.thread.eqz(), () => f.run(this.#alone('after')({})));
        }
        this.#finish(f, at, meet);
      });
    });
    this.#module.export(run);
    return {
      module: this.#module,
      constants: [...this.#constants.values()],
      addressOf: this.ofHome,
    };
  }

  /** Address of a home that does not move; constants are put into memory. */
  readonly ofHome = ({ home, shape }: Access): number => {
    const { arenas, parameters, allocate } = this.#description;
    switch (home.in) {
      case 'parameter':
        return arenas.weights + parameters.at(home.name).offset + 4 * home.column;
      case 'gradient':
        return arenas.gradients + parameters.at(home.name).offset + 4 * home.column;
      case 'buffer':
        return (this.#once.get(home.buffer.id) as number) + 4 * home.column;
      case 'constant': {
        const count = Math.ceil(sizeOf(shape) / 4) * 4;
        const key = `${home.value} ${count}`;
        const known = this.#constants.get(key) ?? { address: allocate(4 * count + 16), count, value: home.value };
        this.#constants.set(key, known);
        return known.address;
      }
    }
  };

  /** `rows(thread, header, index)`: computes one shard. */
  #rows() {
    const { schedule, scratch } = this.#description;
    // Kernels are functions of their own: they are made while this one is built.
    return this.#module.function('rows', { thread: I32, header: I32, index: I32 }, (f, at) => {
      const place = f.let('shard', I32.load(at.header, header.shardTable).add(at.index.mul(shard.bytes)));
      const own = f.let(
        'own',
        I32.load(at.header, header.threads).add(at.thread.mul(I32.load(at.header, header.threadBytes))),
      );
      const buffers = usedBuffers(schedule);
      const frame = new Frame(f, { header: at.header, at: place, own }, buffers);
      const gemmScratch = f.let('gemm_scratch', at.thread.mul(GEMM_SCRATCH_BYTES).add(scratch));
      const context: RowsContext = {
        ...this.#context,
        packed: this.#packed,
        header: at.header,
        gemmScratch,
        mask: () => {
          this.#mask ??= maskFunction(this.#module);
          return this.#mask;
        },
      };
      for (const node of schedule.nodes.all())
        if (isVectors(node)) emitVectors(frame, at.header, schedule.storage.access(node.id));
      emitItems(context, frame, schedule.phases.row);
    });
  }

  /** `collect(thread, threads, header)`: sums over all rows. */
  #collected() {
    const { schedule, scratch } = this.#description;
    const columnSum = columnSumFunction(this.#module);
    const sums = {
      columnSum,
      outerSum: outerSumFunction(this.#module, this.#context.gemm),
      vectorSum: vectorSumFunction(this.#module, columnSum),
    };
    return this.#module.function('collect', { thread: I32, threads: I32, header: I32 }, (f, at) => {
      const gemmScratch = f.let('gemm_scratch', at.thread.mul(GEMM_SCRATCH_BYTES).add(scratch));
      const context: CollectContext = { ...this.#context, ...at, ...sums, gemmScratch };
      emitCollected(context, f, schedule.phases.collected);
    });
  }

  /** What one thread computes before the rows or after the sums. */
  #alone(phase: 'shared' | 'after') {
    const items: readonly Item[] = this.#description.schedule.phases[phase];
    return this.#module.function(phase, {}, (f) => {
      const frame = Frame.ofOne(f);
      const context: RowsContext = {
        ...this.#context,
        packed: this.#packed,
        header: f.let('header', I32.const(0)),
        gemmScratch: I32.const(this.#description.scratch),
        mask: () => {
          throw new RangeError('no mask is drawn once');
        },
      };
      emitItems(context, frame, items);
    });
  }

  /** Packs the matrices of all products, each thread some of their columns. */
  #pack() {
    const { gemm: products } = this.#context;
    const parameters = { from: I32, stride: I32, to: I32, depth: I32, columns: I32, transposed: I32 };
    const threads = { thread: I32, threads: I32 };
    const one = this.#module.function('pack_one', { ...threads, ...parameters }, (f, given) => {
      const { from, stride, to, depth, columns, transposed } = given;
      const part = partOf(given, f, columns, 8);
      f.if(part.count, () => {
        const packed = f.let('packed', part.from.shrU(3).mul(depth.shl(5)).add(to));
        const size = { bStride: stride, packed, depth, columns: part.count };
        f.if(
          transposed,
          () => f.run(products.packTransposed({ b: part.from.mul(stride).add(from), ...size })),
          () => f.run(products.pack({ b: part.from.shl(2).add(from), ...size })),
        );
      });
    });
    return this.#module.function('pack_all', threads, (f, at) => {
      for (const { transposed, ...packed } of this.#packed.all)
        f.run(one({ ...at, ...packed, transposed: transposed ? 1 : 0 }));
    });
  }

  /** Sets what is summed into to 0. */
  #clear() {
    const { schedule, arenas } = this.#description;
    const { tables } = this.#description.parameters;
    return this.#module.function('clear', { thread: I32, threads: I32, header: I32 }, (f, at) => {
      const gradients = [...schedule.phases.collected, ...schedule.phases.after].some(({ nodes }) =>
        nodes.some(isGradient(schedule)),
      );
      if (gradients || schedule.withoutGradient.length > 0) {
        const part = partOf(at, f, arenas.denseBytes, 64);
        f.fill(part.from.add(arenas.gradients), 0, part.count);
        eachListed(f, at, 'stale', tables, ({ at: row, table }) => {
          f.fill(row.add(arenas.gradients), 0, table.rowBytes);
        });
      }
      f.if(at.thread.eqz(), () => {
        for (const { nodes } of schedule.phases.collected) {
          for (const node of nodes) {
            const access = schedule.storage.access(node.id);
            if (access.home.in === 'buffer') f.fill(I32.const(this.ofHome(access)), 0, 4 * sizeOf(node.shape));
          }
        }
      });
    });
  }

  #finish(f: Parameters<typeof emitFinish>[0], at: Parameter, meet: () => void): void {
    const { finish, arenas, allocate, parameters } = this.#description;
    if (!finish) return;
    meet();
    const { loss, ...rest } = finish;
    const given: Finish = {
      ...rest,
      arenas,
      loss: loss && this.ofHome(loss),
      sums: allocate(sumBytes(arenas.denseBytes)),
      tables: parameters.tables,
      meet,
    };
    emitFinish(f, given, at);
  }
}

function isGradient({ storage }: Schedule): (node: Node) => boolean {
  return (node) => storage.isStored(node) && storage.access(node.id).home.in === 'gradient';
}

/** Buffers that some piece of work uses. */
function usedBuffers({ buffers }: Schedule): readonly Buffer[] {
  return buffers.filter(({ last, first }) => last >= 0 && first <= last);
}
