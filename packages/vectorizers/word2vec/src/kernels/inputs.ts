// Input rows: of one word, and of a bag of words, each of which may have several rows.
import { F32, type FunctionBuilder, I32, type Variable } from '@unrolled/wasm';
import type { Layout, Plan } from './layout.ts';
import type { RowFunctions } from './rows.ts';

/** A list of addresses of rows. */
export interface InputList {
  readonly rows: Variable<I32>;
  readonly count: Variable<I32>;
}

/** Address of the one row of a word. */
export function rowOf(word: I32, layout: Layout): I32 {
  return word.mul(layout.stride).add(layout.input);
}

/** The rows of a word that has several. */
export function rowsOfWord(f: FunctionBuilder, word: Variable<I32>, layout: Layout): InputList {
  const entry = f.let('entry', word.shl(2));
  const start = f.let('start', I32.load(entry, layout.subwordStarts));
  const count = f.let('inputs', I32.load(entry, layout.subwordStarts + 4).sub(start));
  return { rows: f.let('input_rows', start.shl(2).add(layout.subwordRows)), count };
}

/** The rows of `count` words of the buffer, whose addresses are a list, written to `to`. */
export function rowsOfContexts(
  f: FunctionBuilder,
  { contexts, count, to }: { readonly contexts: I32; readonly count: I32; readonly to: I32 },
  plan: Plan,
  layout: Layout,
): InputList {
  const rows = f.let('input_rows', to);
  const end = f.let('input_end', rows);
  f.for('context', contexts, contexts.add(count.shl(2)), 4, (context) => {
    const word = f.let('context_word', I32.load(I32.load(context)));
    if (plan.subwordEntries === 0) {
      f.store(end, rowOf(word, layout));
      f.set(end, end.add(4));
    } else {
      const list = rowsOfWord(f, word, layout);
      f.copy(end, list.rows, list.count.shl(2));
      f.set(end, end.add(list.count.shl(2)));
    }
  });
  return { rows, count: f.let('inputs', end.sub(rows).shrU(2)) };
}

/** Writes the average or sum of the rows. */
export function writeBag(
  f: FunctionBuilder,
  to: I32,
  { rows, count }: InputList,
  plan: Plan,
  { bag }: RowFunctions,
): void {
  const scale = plan.average ? F32.const(1).div(count.toF32()) : F32.const(1);
  f.run(bag({ to, rows, count, scale }));
}

/** By what the error of a bag is multiplied before it goes to each of its rows. */
export function shareOf(f: FunctionBuilder, { count }: InputList, plan: Plan): Variable<F32> {
  return f.let('share', plan.average && plan.exactGradient ? F32.const(1).div(count.toF32()) : F32.const(1));
}

/** Goes through a list. */
export function eachRow(f: FunctionBuilder, { rows, count }: InputList, body: (row: Variable<I32>) => void): void {
  f.for('input', rows, rows.add(count.shl(2)), 4, (at) => body(f.let('input_row', I32.load(at))));
}
