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
import { partOf } from './collect.ts';
import { control, flag } from './header.ts';
import type { Optimizer } from './optimizer.ts';

/** Addresses of the arenas, all of one size. */
export interface Arenas {
  /** Bytes of each. */
  readonly bytes: number;
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
  /** Address of the loss. */
  readonly loss: number;
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
export function emitFinish(
  f: FunctionBuilder,
  given: Finish,
  { thread, threads, flags }: Readonly<Record<'thread' | 'threads' | 'flags', Variable<I32>>>,
): void {
  const { arenas, optimizer, clip } = given;
  const blocks = Math.ceil(arenas.bytes / 4 / SUM_BLOCK);
  const part = partOf({ thread, threads }, f, blocks, 1);
  const from = f.let('from', part.from.mul(4 * SUM_BLOCK));
  const to = f.let('to', from.add(part.count.mul(4 * SUM_BLOCK)));
  f.if(to.gtU(arenas.bytes), () => f.set(to, I32.const(arenas.bytes)));
  const range = { from, to, first: part.from };
  f.if(flags.and(flag.waiting), () => {
    eachVector(f, range, (at) => {
      f.store(at, F32x4.load(at, arenas.accumulated).add(F32x4.load(at, arenas.gradients)), arenas.gradients);
    });
  });
  f.if(flags.and(flag.keep), () => {
    f.copy(from.add(arenas.accumulated), from.add(arenas.gradients), to.sub(from));
  });
  const { value, norm } = clip;
  const clamps = value !== undefined && norm !== undefined;
  squares(f, given, range, 0, undefined);
  if (clamps) squares(f, given, range, 1, value);
  given.meet();
  const whole = f.let('norm', rootOfSums(f, given, 0));
  const left = clamps ? f.let('norm_left', rootOfSums(f, given, 1)) : whole;
  const finite = f.let('finite', whole.sub(whole).eq(0));
  f.if(
    F32.load(I32.const(given.loss))
      .sub(F32.load(I32.const(given.loss)))
      .ne(0),
    () => f.set(finite, I32.const(0)),
  );
  const applies = f.let('applies', flags.and(flag.apply).ne(0).and(finite));
  f.if(thread.eqz(), () => {
    f.store(I32.const(control.norm), whole);
    f.store(I32.const(control.updated), applies);
  });
  f.if(applies, () => {
    const scale = f.let('scale', F32.const(1));
    if (norm !== undefined) f.if(left.gt(norm), () => f.set(scale, F64.const(norm).div(left).toF32()));
    const wide = f.let('scales', scale.splat());
    eachVector(f, range, (at) => optimizer.emit(f, at, arenas, { description: clip, scale: wide }));
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
  const target = f.let('sums', first.shl(2).add(sums + which * blockSumBytes(arenas.bytes / 4)));
  blockSums(f, to.sub(from).shrU(2), { g: numbers }, target, ({ g }) => {
    const clamped = bound === undefined ? g : f.let('clamped', g.max(-bound).min(bound));
    return clamped.mul(clamped);
  });
}

function rootOfSums(f: FunctionBuilder, { arenas, sums }: Finish, which: 0 | 1): F64 {
  const count = blockSumBytes(arenas.bytes / 4) / 4;
  return sumInOrder(f, I32.const(count), I32.const(sums + 4 * which * count)).sqrt();
}
