// Kernels of single primitives, one row after the other.
import { type Access, sizeOf } from '@unrolled/equations';
import { F32, F32x4, type FunctionBuilder, I32, reduceVectors, type Variable } from '@unrolled/wasm';
import type { Kernel, KernelContext } from './kernels.ts';
import { addressOf, advance, Operands, type Pointers } from './operands.ts';
import { eachUnits, loadUnits, storeUnits } from './units.ts';

/** Addresses of the operands' rows, by their names. */
type Rows<Names extends string> = Readonly<Record<Names, Variable<I32>>>;

/** A kernel that does the same for each of some rows. */
function rowKernel<Names extends string>(
  context: KernelContext,
  name: string,
  accesses: Readonly<Record<Names, Access>>,
  row: (f: FunctionBuilder, at: Rows<Names>, step: Variable<I32>) => void,
): Kernel {
  const operands = new Operands(context.fixed);
  const names = Object.keys(accesses) as Names[];
  const all = names.map((key) => [key, operands.of(accesses[key])] as const);
  const call = context.module.function(
    context.nextName(name),
    { count: I32, step: I32, ...operands.signature() },
    (f, parameters) => {
      const { count, step, ...pointers } = parameters as unknown as Record<'count' | 'step', Variable<I32>> & Pointers;
      f.while(
        () => count,
        () => {
          const at = Object.fromEntries(
            all.map(([key, operand]) => [key, rowOf(f, key, addressOf(operand, pointers, context.fixed))]),
          );
          row(f, at as Rows<Names>, step);
          advance(f, operands, pointers);
          f.set(count, count.sub(1));
        },
      );
    },
  );
  return { operands, call };
}

function rowOf(
  f: FunctionBuilder,
  name: string,
  { base, offset }: { readonly base: I32; readonly offset: number },
): Variable<I32> {
  return f.let(name, base.add(offset));
}

/** Sets the numbers of each row. */
export function fillKernel(context: KernelContext, out: Access, value: number): Kernel {
  return rowKernel(context, 'fill', { out }, (f, at) => {
    eachUnits(f, sizeOf(out.shape), (unit, lanes) => storeUnits(f, at.out.add(unit), F32x4.const(value), lanes));
  });
}

/** Copies the numbers of each row, rounded up to whole vectors where the result has room for them. */
export function copyKernel(context: KernelContext, out: Access, from: Access): Kernel {
  if (from.home.in === 'constant') return fillKernel(context, out, from.home.value);
  return rowKernel(context, 'copy', { out, from }, (f, at) => {
    eachUnits(f, sizeOf(out.shape), (unit, lanes) => {
      storeUnits(
        f,
        at.out.add(unit),
        loadUnits(f, (a) => F32x4.load(a), at.from.add(unit), lanes),
        lanes,
      );
    });
  });
}

/** Brings each row into that of the result: their sum, or the larger of each unit. */
export function combineKernel(context: KernelContext, out: Access, from: Access, how: 'sum' | 'largest'): Kernel {
  return rowKernel(context, how, { out, from }, (f, at) => {
    eachUnits(f, sizeOf(out.shape), (unit, lanes) => {
      const a = loadUnits(f, (address) => F32x4.load(address), at.out.add(unit), lanes);
      const b = loadUnits(f, (address) => F32x4.load(address), at.from.add(unit), lanes);
      storeUnits(f, at.out.add(unit), how === 'sum' ? a.add(b) : a.max(b), lanes);
    });
  });
}

/** Parts one behind the other. A part's last vector may reach into the next part, which is written after it. */
export function joinKernel(context: KernelContext, out: Access, parts: readonly Access[]): Kernel {
  const named = Object.fromEntries(
    parts.flatMap((part, i) => (part.home.in === 'constant' ? [] : [[`part${i}`, part]])),
  );
  return rowKernel(context, 'join', { out, ...named } as Record<string, Access>, (f, at) => {
    let first = 0;
    parts.forEach((part, i) => {
      const from = at[`part${i}`];
      const units = sizeOf(part.shape);
      const to = (at.out as Variable<I32>).add(4 * first);
      const start = f.let('start', to);
      eachUnits(f, units, (unit, lanes) => {
        const constant = part.home.in === 'constant' ? part.home.value : 0;
        const value = from
          ? loadUnits(f, (a) => F32x4.load(a), from.add(unit), lanes)
          : f.let('constant', F32x4.const(constant));
        storeUnits(f, start.add(unit), value, lanes);
      });
      first += units;
    });
  });
}

/** A row's own matrix, or one for all, times a vector. */
export function matrixVectorKernel(
  context: KernelContext,
  accesses: Readonly<Record<'out' | 'matrix' | 'vector', Access>>,
  transposed: boolean,
): Kernel {
  const [rows = 1, columns = 1] = accesses.matrix.shape;
  return rowKernel(context, 'matrix_vector', accesses, (f, at) => {
    const matrixRow = f.let('matrix_row', at.matrix);
    if (transposed) eachUnits(f, columns, (unit, lanes) => storeUnits(f, at.out.add(unit), F32x4.const(0), lanes));
    f.for('i', 0, rows, 1, (i) => {
      if (transposed) addScaled(f, at.out, F32x4.loadSplat(at.vector.add(i.shl(2))), matrixRow, columns);
      else {
        const dot = reduceVectors(
          f,
          I32.const(columns),
          { w: matrixRow, v: at.vector },
          {
            identity: 0,
            term: ({ w, v }) => w.mul(v),
            combine: (a, b) => a.add(b),
          },
        );
        f.store(at.out.add(i.shl(2)), dot);
      }
      f.set(matrixRow, matrixRow.add(4 * columns));
    });
  });
}

/** out += factor · vector */
function addScaled(f: FunctionBuilder, out: I32, factor: F32x4, vector: Variable<I32>, units: number): void {
  const by = f.let('factor', factor);
  const to = f.let('row_to', out);
  eachUnits(f, units, (unit, lanes) => {
    const before = loadUnits(f, (a) => F32x4.load(a), to.add(unit), lanes);
    const value = loadUnits(f, (a) => F32x4.load(a), vector.add(unit), lanes);
    storeUnits(f, to.add(unit), before.add(by.mul(value)), lanes);
  });
}

/** Adds a bᵀ to the row's matrix. */
export function outerKernel(context: KernelContext, accesses: Readonly<Record<'out' | 'a' | 'b', Access>>): Kernel {
  const [rows = 1, columns = 1] = accesses.out.shape;
  return rowKernel(context, 'outer', accesses, (f, at) => {
    f.for('i', 0, rows, 1, (i) => {
      addScaled(f, at.out.add(i.mul(4 * columns)), F32x4.loadSplat(at.a.add(i.shl(2))), at.b, columns);
    });
  });
}

/** Where a class number's numbers are in a table: the first, and bytes from one to the next. */
export interface TableRow {
  /** Bytes from one class to the next. */
  readonly first: number;
  /** Bytes between the numbers of one. */
  readonly step: number;
  readonly count: number;
}

/** How a table that lies row by row is read along an axis; a vector has one number for each class. */
export function tableRow(shape: readonly number[], axis: 0 | 1): TableRow {
  const [rows = 1, columns = 1] = shape;
  if (shape.length === 1) return { first: 4, step: 4, count: 1 };
  return axis === 0 ? { first: 4 * columns, step: 4, count: columns } : { first: 4, step: 4 * columns, count: rows };
}

/** The numbers of a row's class. */
export function gatherKernel(
  context: KernelContext,
  accesses: Readonly<Record<'out' | 'table' | 'ids', Access>>,
  { first, step, count }: TableRow,
): Kernel {
  return rowKernel(context, 'gather', accesses, (f, at) => {
    const from = f.let('class', at.table.add(I32.load(at.ids).mul(first)));
    if (step === 4)
      eachUnits(f, count, (unit, lanes) => {
        storeUnits(
          f,
          at.out.add(unit),
          loadUnits(f, (a) => F32x4.load(a), from.add(unit), lanes),
          lanes,
        );
      });
    else f.for('i', 0, count, 1, (i) => f.store(at.out.add(i.shl(2)), F32.load(from.add(i.mul(step)))));
  });
}

/** Adds a row's numbers to those of its class in a table; with `part`, some of them: bytes from the first, and to the last. */
export function scatterKernel(
  context: KernelContext,
  accesses: Readonly<Record<'out' | 'value' | 'ids', Access>>,
  { first, step, count }: TableRow,
): Kernel {
  return rowKernel(context, 'scatter', accesses, (f, at) => {
    const to = f.let('class', at.out.add(I32.load(at.ids).mul(first)));
    if (step === 4)
      eachUnits(f, count, (unit, lanes) => {
        const before = loadUnits(f, (a) => F32x4.load(a), to.add(unit), lanes);
        const value = loadUnits(f, (a) => F32x4.load(a), at.value.add(unit), lanes);
        storeUnits(f, to.add(unit), before.add(value), lanes);
      });
    else
      f.for('i', 0, count, 1, (i) => {
        const address = f.let('address', to.add(i.mul(step)));
        f.store(address, F32.load(address).add(F32.load(at.value.add(i.shl(2)))));
      });
  });
}

/** 1 at the first largest unit, else 0. A NaN counts as largest. */
export function firstLargestUnitKernel(context: KernelContext, out: Access, from: Access): Kernel {
  const units = sizeOf(out.shape);
  return rowKernel(context, 'first_largest', { out, from }, (f, at) => {
    const best = f.let('best', F32.load(at.from));
    const place = f.let('place', I32.const(0));
    f.for('i', 1, units, 1, (i) => {
      const next = f.let('next', F32.load(at.from.add(i.shl(2))));
      f.if(isLarger(next, best), () => {
        f.set(best, next);
        f.set(place, i);
      });
    });
    f.for('i', 0, units, 1, (i) => f.store(at.out.add(i.shl(2)), i.eq(place).toF32()));
  });
}

function isLarger(next: Variable<F32>, best: Variable<F32>): I32 {
  return next.gt(best).or(next.ne(next).and(best.eq(best)));
}

/** Keeps the largest of each unit so far, and in which step it first was. */
export function largestPlaceKernel(
  context: KernelContext,
  accesses: Readonly<Record<'best' | 'place' | 'from', Access>>,
): Kernel {
  return rowKernel(context, 'largest_place', accesses, (f, at, step) => {
    const number = f.let('number', step.toF32().splat());
    eachUnits(f, sizeOf(accesses.from.shape), (unit, lanes) => {
      const next = loadUnits(f, (a) => F32x4.load(a), at.from.add(unit), lanes);
      const best = loadUnits(f, (a) => F32x4.load(a), at.best.add(unit), lanes);
      const place = loadUnits(f, (a) => F32x4.load(a), at.place.add(unit), lanes);
      const becomesNaN = next.ne(next).and(best.eq(best));
      const larger = f.let('larger', next.gt(best).or(becomesNaN));
      storeUnits(f, at.best.add(unit), larger.select(next, best), lanes);
      storeUnits(f, at.place.add(unit), larger.select(number, place), lanes);
    });
  });
}

/** 1 where the step is the place that was found, else 0. */
export function isPlaceKernel(context: KernelContext, accesses: Readonly<Record<'out' | 'place', Access>>): Kernel {
  return rowKernel(context, 'is_place', accesses, (f, at, step) => {
    const number = f.let('number', step.toF32().splat());
    eachUnits(f, sizeOf(accesses.out.shape), (unit, lanes) => {
      const place = loadUnits(f, (a) => F32x4.load(a), at.place.add(unit), lanes);
      storeUnits(f, at.out.add(unit), place.eq(number).and(0x3f800000).asF32x4(), lanes);
    });
  });
}
