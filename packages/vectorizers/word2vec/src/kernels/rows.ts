// Arithmetic over rows: products of one vector with several rows, rows added to a vector and a vector added to rows.
import {
  F32,
  F32x4,
  type FunctionBuilder,
  I32,
  type ModuleBuilder,
  type Variable,
  type WasmFunction,
} from '@unrolled/wasm';
import { type Plan, TILE, vectorsOf } from './layout.ts';

/** Vectors that a turn of a loop over a row takes. */
const UNROLL = 5;

/** Goes through rows of `vectors` vectors; `body` gets the offset from the pointers, which move. */
function eachVector(
  f: FunctionBuilder,
  vectors: number,
  pointers: readonly Variable<I32>[],
  body: (offset: number) => void,
): void {
  const several = (count: number): void => {
    for (let vector = 0; vector < count; vector++) body(16 * vector);
  };
  const turns = Math.floor(vectors / UNROLL);
  if (turns > 1) {
    f.for('turn', 0, turns, 1, () => {
      several(UNROLL);
      for (const pointer of pointers) f.set(pointer, pointer.add(16 * UNROLL));
    });
    several(vectors % UNROLL);
  } else several(vectors);
}

const dotsSignature = { vector: I32, rows: I32, to: I32 };
const spreadSignature = { vector: I32, error: I32, rows: I32, factors: I32 };
const gatherSignature = { error: I32, rows: I32, factors: I32 };
const bagSignature = { to: I32, rows: I32, count: I32, scale: F32 };
const addSignature = { to: I32, vector: I32, scale: F32 };

/** Functions over some rows at a time, whose addresses are a list in memory. */
interface TileFunctions {
  /** Writes the product of the vector with each row. */
  readonly dots: WasmFunction<typeof dotsSignature, undefined>;
  /** Adds each row times its factor to the error, and the vector times that factor to the row. */
  readonly spread: WasmFunction<typeof spreadSignature, undefined>;
  /** Adds each row times its factor to the error. */
  readonly gather: WasmFunction<typeof gatherSignature, undefined>;
}

/** Functions over rows. */
export interface RowFunctions {
  /** Of so many rows at a time. */
  readonly tile: (rows: number) => TileFunctions;
  /** Writes the sum of `count` rows times `scale`. */
  readonly bag: WasmFunction<typeof bagSignature, undefined>;
  /** Adds the vector times `scale` to one row. */
  readonly add: WasmFunction<typeof addSignature, undefined>;
}

/** Adds the functions to a module. */
export function rowFunctions(module: ModuleBuilder, plan: Plan): RowFunctions {
  const vectors = vectorsOf(plan.size);
  const tiles = new Map<number, TileFunctions>();
  return {
    tile: (rows) => {
      const found = tiles.get(rows) ?? {
        dots: dots(module, vectors, rows),
        spread: spread(module, vectors, rows),
        gather: gather(module, vectors, rows),
      };
      tiles.set(rows, found);
      return found;
    },
    bag: bag(module, vectors),
    add: add(module, vectors),
  };
}

/** Sizes of the tiles that so many outputs of negative sampling are cut into. */
export function tilesOf(outputs: number): readonly number[] {
  const whole = Array.from({ length: Math.floor(outputs / TILE) }, () => TILE);
  return outputs % TILE > 0 ? [...whole, outputs % TILE] : whole;
}

function loadRows(f: FunctionBuilder, rows: Variable<I32>, count: number): Variable<I32>[] {
  return Array.from({ length: count }, (_, k) => f.let('row', I32.load(rows, 4 * k)));
}

function loadFactors(f: FunctionBuilder, factors: Variable<I32>, count: number): Variable<F32x4>[] {
  return Array.from({ length: count }, (_, k) => f.let('factor', F32x4.loadSplat(factors, 4 * k)));
}

function dots(module: ModuleBuilder, vectors: number, count: number): TileFunctions['dots'] {
  return module.function(`dots_${count}`, dotsSignature, (f, { vector, rows, to }) => {
    const row = loadRows(f, rows, count);
    const sums = row.map(() => f.let('sum', F32x4.const(0)));
    eachVector(f, vectors, [vector, ...row], (offset) => {
      const x = f.let('x', F32x4.load(vector, offset));
      for (const [k, sum] of sums.entries()) f.set(sum, sum.add(F32x4.load(row[k] as Variable<I32>, offset).mul(x)));
    });
    for (let k = 0; k < count; k += 4) f.store(to, acrossLanes(f, sums.slice(k, k + 4)), 4 * k);
  });
}

/** The sums over the lanes of one to four vectors, a lane for each; 0 in lanes without. Lanes 0 and 2, 1 and 3, then both. */
function acrossLanes(f: FunctionBuilder, [a, b, c, d]: readonly Variable<F32x4>[]): F32x4 {
  const none = F32x4.const(0);
  const pair = (one: F32x4, other: F32x4): Variable<F32x4> =>
    f.let('pair', one.shuffle(other, 0, 4, 1, 5).add(one.shuffle(other, 2, 6, 3, 7)));
  const first = pair(a ?? none, b ?? none);
  const second = pair(c ?? none, d ?? none);
  return first.shuffle(second, 0, 1, 4, 5).add(first.shuffle(second, 2, 3, 6, 7));
}

function spread(module: ModuleBuilder, vectors: number, count: number): TileFunctions['spread'] {
  return module.function(`spread_${count}`, spreadSignature, (f, { vector, error, rows, factors }) => {
    const row = loadRows(f, rows, count);
    const factor = loadFactors(f, factors, count);
    eachVector(f, vectors, [vector, error, ...row], (offset) => {
      const x = f.let('x', F32x4.load(vector, offset));
      const sum = f.let('sum', F32x4.load(error, offset));
      for (const [k, g] of factor.entries()) {
        const y = f.let('y', F32x4.load(row[k] as Variable<I32>, offset));
        f.set(sum, sum.add(y.mul(g)));
        f.store(row[k] as Variable<I32>, y.add(x.mul(g)), offset);
      }
      f.store(error, sum, offset);
    });
  });
}

function gather(module: ModuleBuilder, vectors: number, count: number): TileFunctions['gather'] {
  return module.function(`gather_${count}`, gatherSignature, (f, { error, rows, factors }) => {
    const row = loadRows(f, rows, count);
    const factor = loadFactors(f, factors, count);
    eachVector(f, vectors, [error, ...row], (offset) => {
      const sum = f.let('sum', F32x4.load(error, offset));
      for (const [k, g] of factor.entries()) f.set(sum, sum.add(F32x4.load(row[k] as Variable<I32>, offset).mul(g)));
      f.store(error, sum, offset);
    });
  });
}

/** Some vectors of all rows at a time, so that sums stay in registers. */
function bag(module: ModuleBuilder, vectors: number): RowFunctions['bag'] {
  return module.function('bag', bagSignature, (f, { to, rows, count, scale }) => {
    const wide = f.let('wide', scale.splat());
    const end = f.let('end', rows.add(count.shl(2)));
    const part = (width: number, from: I32): void => {
      const sums = Array.from({ length: width }, () => f.let('sum', F32x4.const(0)));
      const at = f.let('at', rows);
      const offset = f.let('from', from);
      f.while(
        () => at.ltU(end),
        () => {
          const row = f.let('row', I32.load(at).add(offset));
          for (const [i, sum] of sums.entries()) f.set(sum, sum.add(F32x4.load(row, 16 * i)));
          f.set(at, at.add(4));
        },
      );
      const target = f.let('target', to.add(offset));
      for (const [i, sum] of sums.entries()) f.store(target, sum.mul(wide), 16 * i);
    };
    const turns = Math.floor(vectors / UNROLL);
    f.for('turn', 0, 16 * UNROLL * turns, 16 * UNROLL, (from) => part(UNROLL, from));
    if (vectors % UNROLL > 0) part(vectors % UNROLL, I32.const(16 * UNROLL * turns));
  });
}

function add(module: ModuleBuilder, vectors: number): RowFunctions['add'] {
  return module.function('add', addSignature, (f, { to, vector, scale }) => {
    const wide = f.let('wide', scale.splat());
    eachVector(f, vectors, [to, vector], (offset) =>
      f.store(to, F32x4.load(to, offset).add(F32x4.load(vector, offset).mul(wide)), offset),
    );
  });
}
