// Copies matrices into panels, so that the innermost loops read memory in order.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import type { ModuleBuilder, WasmFunction } from '../assembler/module-builder.ts';
import { F32, F32x4, I32 } from '../assembler/values.ts';
import { loadPartial } from '../loops/partial.ts';

const packing = { from: I32, stride: I32, to: I32, depth: I32, width: I32, panelStride: I32 };

/**
 * Packs a matrix into panels: `from` is its address, `stride` the bytes between its rows, `to` the address of the panels, `panelStride`
 * the bytes between them, `depth` and `width` its sizes. What a last panel lacks is 0.
 */
export type Pack = WasmFunction<typeof packing, undefined>;

/** Panels of so many columns of a matrix `[depth, width]`. */
export function packStraight(module: ModuleBuilder, columns: 4 | 8): Pack {
  return module.function(`pack_${columns}`, packing, (f, place) => straight(f, place, columns));
}

/** Panels of so many columns of a matrix whose transpose `[width, depth]` is given. */
export function packTransposed(module: ModuleBuilder, columns: 4 | 8): Pack {
  return module.function(`pack_${columns}_of_transposed`, packing, (f, place) => transposed(f, place, columns));
}

interface Place {
  readonly from: Variable<I32>;
  readonly stride: Variable<I32>;
  readonly to: Variable<I32>;
  readonly depth: Variable<I32>;
  readonly width: Variable<I32>;
  readonly panelStride: Variable<I32>;
}

/** Panels of `lanes` columns of a matrix whose rows run over k. */
function straight(f: FunctionBuilder, { from, stride, to, depth, width, panelStride }: Place, lanes: number): void {
  const offsets = Array.from({ length: lanes / 4 }, (_, vector) => 16 * vector);
  const source = f.local('source', I32);
  const target = f.local('target', I32);
  const eachRow = (copy: () => void): void => {
    f.set(source, from);
    f.set(target, to);
    f.for('k', 0, depth, 1, () => {
      copy();
      f.set(source, source.add(stride));
      f.set(target, target.add(4 * lanes));
    });
  };
  f.while(
    () => width.geU(lanes),
    () => {
      eachRow(() => {
        for (const offset of offsets) f.store(target, F32x4.load(source, offset), offset);
      });
      f.set(from, from.add(4 * lanes));
      f.set(to, to.add(panelStride));
      f.set(width, width.sub(lanes));
    },
  );
  f.if(width, () => eachRow(() => copyPart(f, source, target, width, offsets)));
}

/** Copies `width` numbers and fills the rest of the vectors with 0. */
function copyPart(
  f: FunctionBuilder,
  source: Variable<I32>,
  target: Variable<I32>,
  width: Variable<I32>,
  offsets: readonly number[],
): void {
  for (const offset of offsets) {
    const first = offset / 4;
    const from = f.let('from_part', source.add(offset));
    const there = f.let('there', width.gtU(first).select(width.sub(first), I32.const(0)));
    f.if(
      there.geU(4),
      () => f.store(target, F32x4.load(from), offset),
      () => f.store(target, loadPartial(f, from, there), offset),
    );
  }
}

/** Panels of `lanes` columns of a matrix whose columns run over k: four of them at a time, then single ones, then zeros. */
function transposed(f: FunctionBuilder, { from, stride, to, depth, width, panelStride }: Place, lanes: number): void {
  const column = f.let('column', I32.const(0));
  const next = (columns: number): void => {
    f.set(column, column.add(columns));
    f.set(to, to.add(4 * columns));
    f.if(column.and(lanes - 1).eqz(), () => f.set(to, to.add(panelStride).sub(4 * lanes)));
  };
  f.while(
    () => width.sub(column).geS(4),
    () => {
      transposeFour(f, { from, stride, to, depth }, lanes);
      f.set(from, from.add(stride.shl(2)));
      next(4);
    },
  );
  f.while(
    () => column.ltU(width),
    () => {
      eachTerm(f, to, depth, lanes, (target, k) => f.store(target, F32.load(from.add(k.shl(2)))));
      f.set(from, from.add(stride));
      next(1);
    },
  );
  f.while(
    () => column.and(lanes - 1),
    () => {
      eachTerm(f, to, depth, lanes, (target) => f.store(target, F32.const(0)));
      next(1);
    },
  );
}

function eachTerm(
  f: FunctionBuilder,
  to: Variable<I32>,
  depth: Variable<I32>,
  lanes: number,
  write: (target: Variable<I32>, k: Variable<I32>) => void,
): void {
  const target = f.let('target', to);
  f.for('k', 0, depth, 1, (k) => {
    write(target, k);
    f.set(target, target.add(4 * lanes));
  });
}

/** Four columns at once, in squares of 4×4. */
function transposeFour(
  f: FunctionBuilder,
  { from, stride, to, depth }: Omit<Place, 'width' | 'panelStride'>,
  lanes: number,
): void {
  const columns = [f.let('column_k', from)];
  while (columns.length < 4) columns.push(f.let('column_k', (columns.at(-1) as Variable<I32>).add(stride)));
  const target = f.let('target', to);
  const left = f.let('left', depth);
  f.while(
    () => left.geU(4),
    () => {
      const [a, b, c, d] = columns.map((pointer) => f.let('four', F32x4.load(pointer))) as [Lanes, Lanes, Lanes, Lanes];
      const low = [f.let('ab_low', a.shuffle(b, 0, 4, 1, 5)), f.let('cd_low', c.shuffle(d, 0, 4, 1, 5))] as const;
      const high = [f.let('ab_high', a.shuffle(b, 2, 6, 3, 7)), f.let('cd_high', c.shuffle(d, 2, 6, 3, 7))] as const;
      for (const [half, [ab, cd]] of [low, high].entries()) {
        f.store(target, ab.shuffle(cd, 0, 1, 4, 5), half * 8 * lanes);
        f.store(target, ab.shuffle(cd, 2, 3, 6, 7), half * 8 * lanes + 4 * lanes);
      }
      for (const pointer of columns) f.set(pointer, pointer.add(16));
      f.set(target, target.add(16 * lanes));
      f.set(left, left.sub(4));
    },
  );
  f.while(
    () => left,
    () => {
      for (const [lane, pointer] of columns.entries()) {
        f.store(target, F32.load(pointer), 4 * lane);
        f.set(pointer, pointer.add(4));
      }
      f.set(target, target.add(4 * lanes));
      f.set(left, left.sub(1));
    },
  );
}

type Lanes = Variable<F32x4>;
