// How products are cut into blocks, panels and tiles.

/** Columns of a panel of packed B: two vectors. */
export const PANEL_COLUMNS = 8;
/** Bytes from k to k + 1 in a panel of B. */
export const PANEL_BYTES = 32;
/** Rows of a tile: with a panel's columns, eight sums, which leaves room in 16 registers. */
export const TILE_ROWS = 4;
/** Bytes from k to k + 1 in a panel of packed A. */
export const TILE_BYTES = 16;
/**
 * Terms that are summed in a register before they are added to the result: part of the order of summation, so a change
 * of it changes results.
 */
export const BLOCK_DEPTH = 256;
/** Rows whose block of A stays in the second-level cache: 128 KiB. */
export const BLOCK_ROWS = 128;
/** Columns of B that are packed at a time. */
export const BLOCK_COLUMNS = 512;

/** Where in the scratch B is packed, after A. */
export const SCRATCH_FOR_B: number = 4 * BLOCK_DEPTH * BLOCK_ROWS;

/** Bytes that products need beside their matrices: a block of A and one of B. */
export const GEMM_SCRATCH_BYTES: number = SCRATCH_FOR_B + 4 * BLOCK_DEPTH * BLOCK_COLUMNS;

/** Bytes of a matrix `[depth, columns]` in packed panels. */
export function packedBytes(depth: number, columns: number): number {
  return depth * PANEL_BYTES * Math.ceil(columns / PANEL_COLUMNS);
}
