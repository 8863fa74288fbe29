// Emits sums over all rows. Threads share the result's numbers, never the terms of one, so that the order is always the same.
//
// Sums over steps go from the last steps to the first, a group of whole steps at a time and shard by shard: the order in
// which gradients come about where only some steps are in memory at once.
import { type Access, type Axis, type Buffer, type Item, type Node, type Schedule, sizeOf } from '@unrolled/equations';
import {
  F32,
  F32x4,
  type FunctionBuilder,
  type Gemm,
  I32,
  loadPartial,
  type ModuleBuilder,
  storePartial,
  type Variable,
  type WasmFunction,
} from '@unrolled/wasm';
import { Frame, type Run } from './frame.ts';
import { header, STEP_BYTES, shard } from './header.ts';
import type { KernelContext } from './kernels.ts';
import { addressOf, type Operand, Operands } from './operands.ts';
import { partOf } from './parts.ts';
import { tableRow } from './positions.ts';
import { familyOf } from './rows.ts';

/** What sums are computed with. */
export interface CollectContext extends KernelContext {
  readonly thread: Variable<I32>;
  readonly threads: Variable<I32>;
  readonly header: Variable<I32>;
  readonly gemmScratch: I32;
  readonly columnSum: ColumnSum;
  readonly outerSum: OuterSum;
  readonly vectorSum: VectorSum;
}

/** Emits the items of the phase after the rows. */
export function emitCollected(context: CollectContext, f: FunctionBuilder, items: readonly Item[]): void {
  for (const { nodes } of items) {
    const [{ value }] = nodes as [Node];
    if (value.op === 'outer') emitOuter(context, f, nodes);
    else if (value.op === 'sum') emitSum(context, f, nodes);
    else if (value.op === 'scatterAdd') emitScatter(context, f, nodes);
    else throw new RangeError(`"${value.op}" does not sum over rows`);
  }
}

function emitOuter(context: CollectContext, f: FunctionBuilder, nodes: readonly Node[]): void {
  const { storage } = context.schedule;
  const [first] = nodes as [Node];
  const [a, b] = first.args.map((id) => storage.access(id)) as [Access, Access];
  const [rows = 1, columns = 1] = first.shape;
  const to = context.fixed.ofHome(storage.access(first.id));
  const size = { to, rows: rows * nodes.length, columns };
  const { header, thread, threads, gemmScratch } = context;
  const [left, right] = [streamOf(a), streamOf(b)];
  if (left && right && left.timed === right.timed) {
    const given = { header, thread, threads, scratch: gemmScratch, timed: left.timed, ...size };
    const from = { a: left.buffer, aOffset: left.offset, aStride: left.stride };
    f.run(context.outerSum({ ...given, ...from, b: right.buffer, bOffset: right.offset, bStride: right.stride }));
    return;
  }
  const part = partOf(context, f, size.rows, OUTER_ROWS);
  f.if(part.count, () => {
    eachSegment(context, f, [a, b], axesOf(context.schedule, first), ({ count: depth }, at) => {
      const factors = {
        a: at(a).address.add(part.from.shl(2)),
        aStride: at(a).stride,
        b: at(b).address,
        bStride: at(b).stride,
      };
      const c = part.from.mul(4 * columns).add(to);
      const product = {
        c,
        cStride: 4 * columns,
        rows: part.count,
        columns,
        depth,
        accumulate: 1,
        scratch: gemmScratch,
      };
      f.run(context.gemm.transposedProduct({ ...factors, ...product }));
    });
  });
}

function emitSum(context: CollectContext, f: FunctionBuilder, nodes: readonly Node[]): void {
  const { storage } = context.schedule;
  const [first] = nodes as [Node];
  const from = storage.access(first.args[0] as number);
  const to = context.fixed.ofHome(storage.access(first.id));
  const total = sizeOf(first.shape) * nodes.length;
  const stream = streamOf(from);
  const { header, thread, threads } = context;
  if (stream) {
    const given = { header, thread, threads, timed: stream.timed, to, columns: total };
    f.run(context.vectorSum({ ...given, a: stream.buffer, aOffset: stream.offset, aStride: stream.stride }));
    return;
  }
  const part = partOf(context, f, total, SUM_COLUMNS);
  f.if(part.count, () => {
    eachSegment(context, f, [from], axesOf(context.schedule, first), ({ count }, at) => {
      const { address, stride } = at(from);
      const bytes = part.from.shl(2);
      f.run(
        context.columnSum({
          count,
          from: address.add(bytes),
          stride,
          to: part.from.shl(2).add(to),
          columns: part.count,
        }),
      );
    });
  });
}

/** Rows of a product, and columns of a sum, that no two threads share. */
const OUTER_ROWS = 8;
const SUM_COLUMNS = 16;

/** A buffer as the sums read it most often: all its rows, or all its steps, one after the other. */
function streamOf({ home, index }: Access) {
  if (home.in !== 'buffer' || (index !== 'row' && index !== 'time')) return undefined;
  return {
    /** Where the header has its address. */
    buffer: header.buffers + 4 * home.buffer.id,
    offset: 4 * home.column,
    stride: 4 * home.buffer.width,
    timed: index === 'time' ? 1 : 0,
  };
}

const threaded = { header: I32, thread: I32, threads: I32, timed: I32, to: I32, columns: I32 };
const outerSum = {
  ...{ ...threaded, rows: I32, scratch: I32 },
  ...{ a: I32, aOffset: I32, aStride: I32, b: I32, bOffset: I32, bStride: I32 },
};
const vectorSum = { ...threaded, a: I32, aOffset: I32, aStride: I32 };

/** Adds a thread's rows of the sum of a bᵀ over all rows or steps. */
export type OuterSum = WasmFunction<typeof outerSum, undefined>;
/** Adds a thread's columns of the sum over all rows or steps. */
export type VectorSum = WasmFunction<typeof vectorSum, undefined>;

/** Adds the function to a module. */
export function outerSumFunction(module: ModuleBuilder, gemm: Gemm): OuterSum {
  const { transposedProduct } = gemm;
  return module.function('outer_sum', outerSum, (f, given) => {
    const { columns, scratch, aStride, bStride } = given;
    const part = partOf(given, f, given.rows, OUTER_ROWS);
    f.if(part.count, () => {
      const a = f.let('from_a', I32.load(given.header.add(given.a)).add(given.aOffset).add(part.from.shl(2)));
      const b = f.let('from_b', I32.load(given.header.add(given.b)).add(given.bOffset));
      const cStride = f.let('c_stride', columns.shl(2));
      const c = f.let('c', part.from.mul(cStride).add(given.to));
      const size = { c, cStride, rows: part.count, columns, accumulate: 1, scratch };
      eachStretch(f, given, (first, depth) => {
        const from = { a: a.add(first.mul(aStride)), aStride, b: b.add(first.mul(bStride)), bStride };
        f.run(transposedProduct({ ...from, ...size, depth }));
      });
    });
  });
}

/** Adds the function to a module. */
export function vectorSumFunction(module: ModuleBuilder, columnSum: ColumnSum): VectorSum {
  return module.function('vector_sum', vectorSum, (f, given) => {
    const { aStride: stride } = given;
    const part = partOf(given, f, given.columns, SUM_COLUMNS);
    f.if(part.count, () => {
      const bytes = f.let('bytes', part.from.shl(2));
      const a = f.let('from_a', I32.load(given.header.add(given.a)).add(given.aOffset).add(bytes));
      const to = f.let('sums', bytes.add(given.to));
      eachStretch(f, given, (first, count) => {
        f.run(columnSum({ count, from: a.add(first.mul(stride)), stride, to, columns: part.count }));
      });
    });
  });
}

/** Goes through all rows at once, or through the groups of steps from the last to the first, shard by shard. */
function eachStretch(
  f: FunctionBuilder,
  given: { readonly header: Variable<I32>; readonly timed: Variable<I32> },
  body: (first: Variable<I32>, count: Variable<I32>) => void,
): void {
  const first = f.let('first', I32.const(0));
  const count = f.let('count', I32.load(given.header, header.rows));
  f.if(
    given.timed,
    () => {
      eachGroupOfSteps(f, given.header, (from, terms) => {
        f.set(first, from);
        f.set(count, terms);
        body(first, count);
      });
    },
    () => body(first, count),
  );
}

/** `columnSum(count, from, stride, to, columns)`: adds to `columns` numbers the sums of those of `count` rows. */
export type ColumnSum = WasmFunction<
  { count: typeof I32; from: typeof I32; stride: typeof I32; to: typeof I32; columns: typeof I32 },
  undefined
>;

/** Columns that are summed side by side: a line of the cache. */
const COLUMN_VECTORS = 4;

/** Adds the function to a module. */
export function columnSumFunction(module: ModuleBuilder): ColumnSum {
  const parameters = { count: I32, from: I32, stride: I32, to: I32, columns: I32 };
  return module.function('column_sum', parameters, (f, { count, from, stride, to, columns }) => {
    const left = f.let('left', count);
    const row = f.let('row', from);
    const eachRow = (body: () => void): void => {
      f.set(left, count);
      f.set(row, from);
      f.while(
        () => left,
        () => {
          body();
          f.set(row, row.add(stride));
          f.set(left, left.sub(1));
        },
      );
    };
    const next = (columnsDone: number): void => {
      f.set(from, from.add(4 * columnsDone));
      f.set(to, to.add(4 * columnsDone));
      f.set(columns, columns.sub(columnsDone));
    };
    for (const vectors of [COLUMN_VECTORS, 1]) {
      f.while(
        () => columns.geU(4 * vectors),
        () => {
          const sums = Array.from({ length: vectors }, () => f.let('sum', F32x4.const(0)));
          eachRow(() => {
            for (const [v, sum] of sums.entries()) f.set(sum, sum.add(F32x4.load(row, 16 * v)));
          });
          for (const [v, sum] of sums.entries()) f.store(to, F32x4.load(to, 16 * v).add(sum), 16 * v);
          next(4 * vectors);
        },
      );
    }
    f.if(columns, () => {
      const sum = f.let('sum', F32x4.const(0));
      eachRow(() => f.set(sum, sum.add(loadPartial(f, row, columns))));
      storePartial(f, to, f.let('total', loadPartial(f, to, columns).add(sum)), columns);
    });
  });
}

function emitScatter(context: CollectContext, f: FunctionBuilder, nodes: readonly Node[]): void {
  const { storage, families, nodes: all } = context.schedule;
  const [first] = nodes as [Node];
  const { value } = first;
  if (value.op !== 'scatterAdd') return;
  const [ids, from] = first.args.map((id) => storage.access(id)) as [Access, Access];
  const out = storage.access(first.id);
  const family = out.home.in === 'gradient' ? familyOf(out.home.name, families) : undefined;
  const columns = family?.layout === 'columns';
  const [rows = 1] = first.shape;
  const table = columns
    ? { first: 4 * rows * family.names.length, step: 4, count: rows * nodes.length }
    : tableRow(first.shape, value.axis);
  const part = partOf(context, f, table.count, 4);
  const to = context.fixed.ofHome(out);
  const constant = sizeOf(all.at(first.args[1] as number).shape) === 1;
  f.if(part.count, () => {
    eachSegment(context, f, [ids, from], axesOf(context.schedule, first), ({ count }, at) => {
      const id = f.let('id', at(ids).address);
      const number = f.let('number', constant ? at(from).address : at(from).address.add(part.from.shl(2)));
      const left = f.let('left', count);
      f.while(
        () => left,
        () => {
          const row = I32.load(id).mul(table.first).add(to);
          const target = f.let('target', row.add(part.from.mul(table.step)));
          addTo(f, target, number, part.count, table.step);
          f.set(id, id.add(at(ids).stride));
          f.set(number, number.add(at(from).stride));
          f.set(left, left.sub(1));
        },
      );
    });
  });
}

/** Adds `count` numbers to others that lie `step` bytes apart. */
function addTo(f: FunctionBuilder, to: Variable<I32>, from: Variable<I32>, count: Variable<I32>, step: number): void {
  const left = f.let('units_left', count);
  const source = f.let('source', from);
  if (step === 4)
    f.while(
      () => left.geU(4),
      () => {
        f.store(to, F32x4.load(to).add(F32x4.load(source)));
        f.set(to, to.add(16));
        f.set(source, source.add(16));
        f.set(left, left.sub(4));
      },
    );
  f.while(
    () => left,
    () => {
      f.store(to, F32.load(to).add(F32.load(source)));
      f.set(to, to.add(step));
      f.set(source, source.add(4));
      f.set(left, left.sub(1));
    },
  );
}

function axesOf({ nodes }: Schedule, { args }: Node): readonly Axis[] {
  return args.flatMap((id) => nodes.at(id).over);
}

/** Where the first row of a segment is, and bytes from one row to the next. */
type At = (access: Access) => { readonly address: I32; readonly stride: number };

/** Goes through stretches of rows that lie side by side in everything that is read. */
function eachSegment(
  context: CollectContext,
  f: FunctionBuilder,
  accesses: readonly Access[],
  over: readonly Axis[],
  body: (run: Run, at: At) => void,
): void {
  const operands = new Operands(context.fixed);
  const known = new Map<Access, Operand>(accesses.map((access) => [access, operands.of(access)] as const));
  const buffers = [...operands.pointers.values()].map(({ buffer }) => buffer);
  const within = (frame: Frame, run: Run): void =>
    body(run, (access) => {
      const operand = known.get(access) as Operand;
      if (operand.kind !== 'pointer')
        return { address: I32.const(addressOf(operand, {}, context.fixed).offset), stride: 0 };
      const pointer = operands.pointers.get(operand.pointer);
      if (!pointer) throw new RangeError('a sum reads an unknown buffer');
      return { address: frame.pointer(pointer, run).add(operand.offset), stride: operand.stride };
    });
  const indices = new Set([...operands.pointers.values()].map(({ index }) => index));
  const timed = over.includes('time') || over.includes('time*');
  if (!timed) allRows(context, f, buffers, within);
  else if (indices.size === 1 && !indices.has('pair')) {
    const frame = frameAt(context, f, I32.load(context.header, header.shardTable), buffers);
    eachGroupOfSteps(f, context.header, (first, count) => within(frame, { count, first, second: first }));
  } else eachStep(context, f, buffers, over, within);
}

type Within = (frame: Frame, run: Run) => void;

/** The rows of all shards lie side by side, from the first one's on. */
function allRows(context: CollectContext, f: FunctionBuilder, buffers: readonly Buffer[], body: Within): void {
  const frame = frameAt(context, f, I32.load(context.header, header.shardTable), buffers);
  body(frame, { count: f.let('all_rows', I32.load(context.header, header.rows)) });
}

/** Groups of steps from the last to the first, shard by shard: the first position of each, and how many. */
function eachGroupOfSteps(
  f: FunctionBuilder,
  call: Variable<I32>,
  body: (first: Variable<I32>, count: Variable<I32>) => void,
): void {
  const size = f.let('group', I32.load(call, header.group));
  const end = f.let('end', I32.load(call, header.steps));
  f.while(
    () => end,
    () => {
      const rest = f.let('rest', end.sub(1).remU(size).add(1));
      const begin = f.let('begin', end.sub(rest));
      const shards = f.let('shards', I32.load(call, header.shards));
      const at = f.let('shard', I32.load(call, header.shardTable));
      f.while(
        () => shards,
        () => {
          const steps = f.let('steps', I32.load(at, shard.steps));
          f.if(begin.ltU(steps), () => {
            const table = f.let('table', I32.load(at, shard.table));
            const last = f.let('last', I32.load(at, shard.positionBase).add(I32.load(at, shard.positionCount)));
            f.if(end.ltU(steps), () => f.set(last, I32.load(table.add(end.mul(STEP_BYTES)), 4)));
            const first = f.let('first', I32.load(table.add(begin.mul(STEP_BYTES)), 4));
            body(first, f.let('terms', last.sub(first)));
          });
          f.set(at, at.add(shard.bytes));
          f.set(shards, shards.sub(1));
        },
      );
      f.set(end, begin);
    },
  );
}

/** Single steps from the last to the first, shard by shard, where not all lies side by side. */
function eachStep(
  context: CollectContext,
  f: FunctionBuilder,
  buffers: readonly Buffer[],
  over: readonly Axis[],
  body: Within,
): void {
  const left = f.let('steps_left', I32.load(context.header, header.steps));
  f.while(
    () => left,
    () => {
      f.set(left, left.sub(1));
      eachShard(context, f, buffers, (frame) => {
        f.if(left.ltU(frame.steps), () => {
          const run = frame.atStep(left);
          if (!over.includes('time')) body(frame, { count: run.count, second: run.first, secondStep: left });
          else if (over.includes('time*')) frame.eachSecond(run, (both) => body(frame, both));
          else body(frame, run);
        });
      });
    },
  );
}

function eachShard(
  context: CollectContext,
  f: FunctionBuilder,
  buffers: readonly Buffer[],
  body: (frame: Frame) => void,
): void {
  const shards = f.let('shards', I32.load(context.header, header.shards));
  const at = f.let('shard', I32.load(context.header, header.shardTable));
  f.while(
    () => shards,
    () => {
      body(frameAt(context, f, at, buffers));
      f.set(at, at.add(shard.bytes));
      f.set(shards, shards.sub(1));
    },
  );
}

function frameAt(context: CollectContext, f: FunctionBuilder, at: I32, buffers: readonly Buffer[]): Frame {
  return new Frame(f, { header: context.header, at: f.let('frame', at), own: undefined }, buffers);
}
