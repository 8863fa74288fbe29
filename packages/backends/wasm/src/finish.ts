// Emits the end of a training step: gradients that wait, the global norm, clipping and the optimizer.
import type { ClipDescription } from '@unrolled/core';
import {
  blockSumBytes,
  blockSums,
  F32,
  F32x4,
  F64,
  type FunctionBuilder,
  I32,
  SUM_BLOCK,
  sumInOrder,
  type Variable,
} from '@unrolled/wasm';
import { control, flag, header } from './header.ts';
import type { Optimizer } from './optimizer.ts';
import type { Table } from './parameter-memory.ts';
import { partOf } from './parts.ts';
import { eachListed, listedSquares, type Place } from './tables.ts';
import { eachUnits, loadUnits, storeUnits } from './units.ts';

/** Addresses of the arenas, all of one size. */
export interface Arenas {
  /** Bytes of each, and of what comes before the tables that are looked up. */
  readonly bytes: number;
  readonly denseBytes: number;
  readonly weights: number;
  readonly gradients: number;
  readonly accumulated: number;
  /** In the order of the optimizer's states. */
  readonly states: readonly number[];
}

/** What the end of a step is made of. */
export interface Finish {
  readonly arenas: Arenas;
  readonly optimizer: Optimizer;
  readonly clip: ClipDescription;
  /** Tables of which few rows have a gradient. */
  readonly tables: readonly Table[];
  /** Address of the loss, where there is one. */
  readonly loss: number | undefined;
  /** Address of {@link sumBytes} bytes. */
  readonly sums: number;
  /** Lets all threads come this far. */
  readonly meet: () => void;
}

/** Bytes that the sums of squares of an arena need; with clipping by value those of what is clipped too. */
export function sumBytes(bytes: number): number {
  return 2 * blockSumBytes(bytes / 4);
}

/** Emits the end of a step. */
export function emitFinish(f: FunctionBuilder, given: Finish, place: Place & { readonly flags: Variable<I32> }): void {
  const { arenas, optimizer, clip, tables } = given;
  const { thread, flags } = place;
  const range = rangeOf(f, place, arenas.denseBytes);
  f.if(flags.and(flag.waiting), () => {
    eachVector(f, range, (at) => {
      f.store(at, F32x4.load(at, arenas.accumulated).add(F32x4.load(at, arenas.gradients)), arenas.gradients);
    });
    addListed(f, given, place);
  });
  f.if(flags.and(flag.keep), () => {
    const { from, to } = range;
    f.copy(from.add(arenas.accumulated), from.add(arenas.gradients), to.sub(from));
    eachListed(f, place, 'touched', tables, ({ at, table }) => {
      f.copy(at.add(arenas.accumulated), at.add(arenas.gradients), table.rowBytes);
    });
  });
  const { value, norm } = clip;
  const clamps = value !== undefined && norm !== undefined;
  const { gradients } = arenas;
  squares(f, given, range, 0, undefined);
  listedSquares(f, place, tables, { gradients, which: 0, bound: undefined });
  if (clamps) {
    squares(f, given, range, 1, value);
    listedSquares(f, place, tables, { gradients, which: 1, bound: value });
  }
  given.meet();
  const whole = f.let('norm', rootOfSums(f, given, place, 0));
  const left = clamps ? f.let('norm_left', rootOfSums(f, given, place, 1)) : whole;
  const finite = f.let('finite', whole.sub(whole).eq(0));
  if (given.loss !== undefined) {
    const loss = f.let('loss', F32.load(I32.const(given.loss)));
    f.if(loss.sub(loss).ne(0), () => f.set(finite, I32.const(0)));
  }
  const applies = f.let('applies', flags.and(flag.apply).ne(0).and(finite));
  f.if(thread.eqz(), () => {
    f.store(I32.const(control.norm), whole);
    f.store(I32.const(control.updated), applies);
  });
  f.if(applies, () => {
    const scale = f.let('scale', F32.const(1));
    if (norm !== undefined) f.if(left.gt(norm), () => f.set(scale, F64.const(norm).div(left).toF32()));
    const wide = f.let('scales', scale.splat());
    // Also where a table has no gradient: its optimizer states go on.
    eachVector(f, rangeOf(f, place, arenas.bytes), (at) =>
      optimizer.emit(f, at, arenas, { description: clip, scale: wide }),
    );
  });
}

/** A thread's part of an arena, in whole blocks. */
function rangeOf(f: FunctionBuilder, place: Pick<Place, 'thread' | 'threads'>, bytes: number): Range {
  const part = partOf(place, f, Math.ceil(bytes / 4 / SUM_BLOCK), 1);
  const from = f.let('from', part.from.mul(4 * SUM_BLOCK));
  const to = f.let('to', from.add(part.count.mul(4 * SUM_BLOCK)));
  f.if(to.gtU(bytes), () => f.set(to, I32.const(bytes)));
  // A thread for which there is no block.
  f.if(from.gtU(to), () => f.set(from, to));
  return { from, to, first: part.from };
}

/** Adds gradients that wait to those of the rows that have any. */
function addListed(f: FunctionBuilder, { arenas, tables }: Finish, place: Place): void {
  eachListed(f, place, 'touched', tables, ({ at, table }) => {
    eachUnits(f, table.rowBytes / 4, (unit, lanes) => {
      const load = (arena: number) => loadUnits(f, (a) => F32x4.load(a), at.add(unit).add(arena), lanes);
      const sum = load(arenas.accumulated).add(load(arenas.gradients));
      storeUnits(f, at.add(unit).add(arenas.gradients), sum, lanes);
    });
  });
}

interface Range {
  readonly from: Variable<I32>;
  readonly to: Variable<I32>;
  /** Number of the first block. */
  readonly first: Variable<I32>;
}

function eachVector(f: FunctionBuilder, { from, to }: Range, body: (at: Variable<I32>) => void): void {
  const at = f.let('element_at', from);
  f.while(
    () => at.ltU(to),
    () => {
      body(at);
      f.set(at, at.add(16));
    },
  );
}

/** Sums of squares of the thread's blocks, each number clamped to ±`bound`. */
function squares(
  f: FunctionBuilder,
  { arenas, sums }: Finish,
  { from, to, first }: Range,
  which: 0 | 1,
  bound: number | undefined,
): void {
  const numbers = f.let('gradients', from.add(arenas.gradients));
  const target = f.let('sums', first.shl(2).add(sums + which * blockSumBytes(arenas.denseBytes / 4)));
  blockSums(f, to.sub(from).shrU(2), { g: numbers }, target, ({ g }) => {
    const clamped = bound === undefined ? g : f.let('clamped', g.max(-bound).min(bound));
    return clamped.mul(clamped);
  });
}

function rootOfSums(f: FunctionBuilder, { arenas, sums, tables }: Finish, place: Place, which: 0 | 1): F64 {
  const count = blockSumBytes(arenas.denseBytes / 4) / 4;
  const sum = sumInOrder(f, I32.const(count), I32.const(sums + 4 * which * count));
  if (tables.length === 0) return sum.sqrt();
  const listed = f.let('row_sum', I32.load(place.header, header.touchedSums));
  f.for('rest', 0, I32.load(place.header, header.touchedCount).mul(tables.length), 1, () => {
    f.set(sum, sum.add(F32.load(listed, 4 * which).toF64()));
    f.set(listed, listed.add(8));
  });
  return sum.sqrt();
}
