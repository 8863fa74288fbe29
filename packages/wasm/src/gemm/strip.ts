// All rows of C under one panel of B.
import type { ModuleBuilder, WasmFunction } from '../assembler/module-builder.ts';
import { I32 } from '../assembler/values.ts';
import type { Width } from './loops.ts';
import { PANEL_BYTES, TILE_BYTES, TILE_ROWS } from './sizes.ts';
import { type MultiplyAdd, type TilePlace, tile } from './tile.ts';

const strip = { a: I32, b: I32, c: I32, cStride: I32, rows: I32, depth: I32, accumulate: I32, lanes: I32 };

/** C (+)= A·B for packed rows of A, other than a single one at the end, and a panel of B. */
export type Strip = WasmFunction<typeof strip, undefined>;

/** Makes the functions for whole panels and for the last one. */
export function stripFunctions(module: ModuleBuilder, multiplyAdd: MultiplyAdd): Readonly<Record<Width, Strip>> {
  const of = (width: Width): Strip => stripFunction(module, width, multiplyAdd);
  return { whole: of('whole'), wide: of('wide'), narrow: of('narrow') };
}

/** Tiles of four rows, then one of two or three. */
function stripFunction(module: ModuleBuilder, width: Width, multiplyAdd: MultiplyAdd): Strip {
  return module.function(`strip_${width}`, strip, (f, { a, b, c, cStride, rows, depth, accumulate, lanes }) => {
    const place: TilePlace = { a, aStep: TILE_BYTES, b, bStep: PANEL_BYTES, c, cStride, depth, accumulate };
    const compute = (height: number): void => {
      const vectors = width === 'narrow' ? 1 : 2;
      tile(f, { rows: height, vectors, ...(width !== 'whole' && { lanes }) }, place, multiplyAdd);
    };
    f.while(
      () => rows.geU(TILE_ROWS),
      () => {
        compute(TILE_ROWS);
        f.set(a, a.add(depth.mul(TILE_BYTES)));
        f.set(c, c.add(cStride.mul(TILE_ROWS)));
        f.set(rows, rows.sub(TILE_ROWS));
      },
    );
    for (const height of [3, 2]) f.if(rows.eq(height), () => compute(height));
  });
}
