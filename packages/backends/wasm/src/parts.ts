// Shares work among threads: what one of them computes of some numbers.
import { type FunctionBuilder, I32, type Variable } from '@unrolled/wasm';

/** The numbers of a result that one thread computes: from the first to before the last. */
interface Part {
  readonly from: Variable<I32>;
  readonly count: Variable<I32>;
}

/** The share of a thread in `total` numbers, in whole `multiple`s. */
export function partOf(
  { thread, threads }: Readonly<Record<'thread' | 'threads', Variable<I32>>>,
  f: FunctionBuilder,
  total: number | Variable<I32>,
  multiple: number,
): Part {
  const all = f.let('total', typeof total === 'number' ? I32.const(total) : total);
  const pieces = all.add(multiple - 1).divU(multiple);
  const each = f.let('share', pieces.add(threads).sub(1).divU(threads).mul(multiple));
  const from = f.let('part_from', thread.mul(each));
  f.if(from.gtU(all), () => f.set(from, all));
  const left = f.let('part_left', all.sub(from));
  return { from, count: f.let('part', left.ltU(each).select(left, each)) };
}
