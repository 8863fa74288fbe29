// Matrix products of any size, cut into blocks.
import type { FunctionBuilder } from '../assembler/function-builder.ts';
import type { ModuleBuilder, Parameters, WasmFunction } from '../assembler/module-builder.ts';
import { I32 } from '../assembler/values.ts';
import { type Block, blockFunction } from './block.ts';
import { inBlocks } from './loops.ts';
import { type Pack, packStraight, packTransposed } from './pack.ts';
import { type Row, rowFunction } from './row.ts';
import { BLOCK_COLUMNS, BLOCK_DEPTH, PANEL_BYTES, PANEL_COLUMNS, SCRATCH_FOR_B } from './sizes.ts';
import { stripFunctions } from './strip.ts';
import { multiplyThenAdd, relaxedMultiplyAdd } from './tile.ts';

const packing = { b: I32, bStride: I32, packed: I32, depth: I32, columns: I32 };

/** Packs the matrix at `b` into `packedBytes(depth, columns)` bytes at `packed`. */
export type PackFunction = WasmFunction<typeof packing, undefined>;

const into = { c: I32, cStride: I32, rows: I32, columns: I32, depth: I32, accumulate: I32, scratch: I32 };
const packedProduct = { a: I32, aStride: I32, packed: I32, ...into };
const product = { a: I32, aStride: I32, b: I32, bStride: I32, ...into };

/** C (+)= A·B with B packed before. */
export type PackedProduct = WasmFunction<typeof packedProduct, undefined>;

/** C (+)= A·B. */
export type Product = WasmFunction<typeof product, undefined>;

/**
 * The functions of {@link gemm}, for row-major float32 matrices.
 *
 * `rows`, `columns` and `depth` are the sizes of C `[rows, columns]` and the number of terms of its elements; each may be 0.
 * `a`, `b` and `c` are addresses; strides are the bytes from row to row. `accumulate` other than 0 adds to C. At `scratch`
 * are `GEMM_SCRATCH_BYTES` that a product may overwrite; threads that compute at once need one each.
 */
export interface Gemm {
  /** Packs B `[depth, columns]` for `packedProduct`. */
  readonly pack: PackFunction;
  /** Packs B from its transpose `[columns, depth]`. */
  readonly packTransposed: PackFunction;
  /** A `[rows, depth]`, packed B. */
  readonly packedProduct: PackedProduct;
  /** C (+)= A·B with A `[rows, depth]`, B `[depth, columns]`. */
  readonly product: Product;
  /** C (+)= A·Bᵀ with A `[rows, depth]`, B `[columns, depth]`. */
  readonly productOfTransposed: Product;
  /** C (+)= Aᵀ·B with A `[depth, rows]`, B `[depth, columns]`. */
  readonly transposedProduct: Product;
}

/** How sums are computed. */
export interface GemmOptions {
  /**
   * `exact` rounds after each multiplication and each addition: the same bits on every machine. `relaxed` uses relaxed SIMD
   * where one instruction does both, with or without rounding in between; needs an engine that has it.
   */
  readonly arithmetic?: 'exact' | 'relaxed';
}

/**
 * Adds matrix products to a module: each function when it is first read of the result, so that a module has what it calls.
 *
 * An element of C is a sum of sums: terms 0 to 255 in the order of k from 0 on, then terms 256 to 511, and so on; these are
 * added in their order to C, or to each other where C is overwritten. The order depends on nothing else: not on rows,
 * columns, tiles or packing, so any part of the rows and columns may be computed by itself. Each term is rounded before it
 * is added (unless `arithmetic` is relaxed).
 *
 * Addresses need no alignment and may reach to 4 GiB; sizes are below 2^31; C and the scratch overlap nothing else.
 * Source: Goto and van de Geijn (2008), Anatomy of high-performance matrix multiplication.
 */
export function gemm(module: ModuleBuilder, { arithmetic = 'exact' }: GemmOptions = {}): Gemm {
  const multiplyAdd = arithmetic === 'exact' ? multiplyThenAdd : relaxedMultiplyAdd;
  const tiles = once(() => {
    return { strips: stripFunctions(module, multiplyAdd), row: rowFunction(module, true, multiplyAdd) };
  });
  const ofRows = once(() => blockFunction(module, 'rows', tiles()));
  const ofTransposed = once(() => blockFunction(module, 'transposed', tiles()));
  const straight = once(() => packStraight(module, PANEL_COLUMNS));
  const transposed = once(() => packTransposed(module, PANEL_COLUMNS));
  const functions: { readonly [K in keyof Gemm]: () => Gemm[K] } = {
    pack: once(() => packFunction(module, 'pack', straight())),
    packTransposed: once(() => packFunction(module, 'pack_transposed', transposed())),
    packedProduct: once(() => packedProductFunction(module, ofRows())),
    product: once(() => {
      const unpackedRow = rowFunction(module, false, multiplyAdd);
      return productFunction(module, 'product', { block: ofRows(), pack: straight(), unpackedRow });
    }),
    productOfTransposed: once(() => {
      return productFunction(module, 'product_of_transposed', {
        block: ofRows(),
        pack: transposed(),
        transposed: 'b',
      });
    }),
    transposedProduct: once(() => {
      return productFunction(module, 'transposed_product', {
        block: ofTransposed(),
        pack: straight(),
        transposed: 'a',
      });
    }),
  };
  return {
    get pack() {
      return functions.pack();
    },
    get packTransposed() {
      return functions.packTransposed();
    },
    get packedProduct() {
      return functions.packedProduct();
    },
    get product() {
      return functions.product();
    },
    get productOfTransposed() {
      return functions.productOfTransposed();
    },
    get transposedProduct() {
      return functions.transposedProduct();
    },
  };
}

/** Makes something when it is first asked for, and only then. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function packFunction(module: ModuleBuilder, name: string, pack: Pack): PackFunction {
  return module.function(name, packing, (f, { b, bStride, packed, depth, columns }) => {
    const panelStride = depth.mul(PANEL_BYTES);
    f.run(pack({ from: b, stride: bStride, to: packed, depth, width: columns, panelStride }));
  });
}

function packedProductFunction(module: ModuleBuilder, block: Block): PackedProduct {
  return module.function('packed_product', packedProduct, (f, place) => {
    const { a, packed, depth, accumulate } = place;
    const panelStride = f.let('panel_stride', depth.mul(PANEL_BYTES));
    inBlocks(f, 'k', depth, BLOCK_DEPTH, (k, terms) => {
      const b = packed.add(k.mul(PANEL_BYTES));
      f.run(block({ ...place, a: a.add(k.shl(2)), b, panelStride, depth: terms }));
      f.set(accumulate, I32.const(1));
    });
  });
}

/** What differs between products. */
interface Kind {
  readonly block: Block;
  /** Packs a block of B. */
  readonly pack: Pack;
  /** The matrix that is given transposed. */
  readonly transposed?: 'a' | 'b';
  /** Computes a single row without packing B. */
  readonly unpackedRow?: Row;
}

function productFunction(module: ModuleBuilder, name: string, { block, pack, transposed, unpackedRow }: Kind): Product {
  return module.function(name, product, (f, place) => {
    const { a, aStride, b, bStride, c, columns, rows, depth, accumulate, scratch } = place;
    if (unpackedRow) f.if(rows.eq(1), () => multiplyRow(f, place, unpackedRow));
    const packed = f.let('packed', scratch.add(SCRATCH_FOR_B));
    const add = f.local('add', I32);
    inBlocks(f, 'j', columns, BLOCK_COLUMNS, (j, width) => {
      f.set(add, accumulate);
      inBlocks(f, 'k', depth, BLOCK_DEPTH, (k, terms) => {
        const [row, column] = transposed === 'b' ? [j, k] : [k, j];
        const panelStride = f.let('panel_stride', terms.mul(PANEL_BYTES));
        const from = b.add(row.mul(bStride)).add(column.shl(2));
        f.run(pack({ from, stride: bStride, to: packed, depth: terms, width, panelStride }));
        const ofA = a.add(transposed === 'a' ? k.mul(aStride) : k.shl(2));
        const size = { columns: width, depth: terms, accumulate: add };
        f.run(block({ ...place, a: ofA, b: packed, panelStride, c: c.add(j.shl(2)), ...size }));
        f.set(add, I32.const(1));
      });
    });
  });
}

/**
 * One row of A meets each element of B once, so packing B would cost more than it saves: multiplies by whole panels of B
 * where they lie, and leaves the rest of the columns to be done.
 */
function multiplyRow(f: FunctionBuilder, place: Parameters<typeof product>, row: Row): void {
  const { a, b, bStride, c, columns, depth } = place;
  const whole = f.let('whole', columns.and(-PANEL_COLUMNS));
  const accumulate = f.let('add_row', place.accumulate);
  inBlocks(f, 'k', depth, BLOCK_DEPTH, (k, terms) => {
    const from = { a: a.add(k.shl(2)), b: b.add(k.mul(bStride)), bStride, panelStride: PANEL_BYTES };
    f.run(row({ ...from, c, columns: whole, depth: terms, accumulate }));
    f.set(accumulate, I32.const(1));
  });
  f.set(b, b.add(whole.shl(2)));
  f.set(c, c.add(whole.shl(2)));
  f.set(columns, columns.sub(whole));
}
