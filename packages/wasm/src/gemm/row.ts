// One row of C: a vector times a matrix.
import type { ModuleBuilder, WasmFunction } from '../assembler/module-builder.ts';
import { I32 } from '../assembler/values.ts';
import { eachPanel } from './loops.ts';
import { PANEL_BYTES, PANEL_COLUMNS } from './sizes.ts';
import { type MultiplyAdd, type TilePlace, tile, WIDE_PANELS } from './tile.ts';

const row = { a: I32, b: I32, bStride: I32, panelStride: I32, c: I32, columns: I32, depth: I32, accumulate: I32 };

/**
 * c (+)= a·B for a row whose numbers lie side by side: bytes between the panels of B, and between the rows of a panel where
 * B is not packed. Reads B in panels of 8 columns, the last one as well.
 */
export type Row = WasmFunction<typeof row, undefined>;

/** Makes the function for B in packed panels or as it is. */
export function rowFunction(module: ModuleBuilder, packed: boolean, multiplyAdd: MultiplyAdd): Row {
  return module.function(packed ? 'row' : 'row_unpacked', row, (f, place) => {
    const { b, bStride, panelStride, c, columns } = place;
    const from: TilePlace = { ...place, aStep: 4, bStep: packed ? PANEL_BYTES : bStride, cStride: I32.const(0) };
    f.while(
      () => columns.geU(WIDE_PANELS * PANEL_COLUMNS),
      () => {
        tile(f, { rows: 1, vectors: 2, panelStride }, from, multiplyAdd);
        f.set(b, b.add(panelStride.mul(WIDE_PANELS)));
        f.set(c, c.add(WIDE_PANELS * PANEL_BYTES));
        f.set(columns, columns.sub(WIDE_PANELS * PANEL_COLUMNS));
      },
    );
    eachPanel(f, { b, c, columns, panelStride }, (width, { lanes, ...at }) => {
      const vectors = width === 'narrow' ? 1 : 2;
      tile(f, { rows: 1, vectors, ...(width !== 'whole' && { lanes }) }, { ...from, ...at }, multiplyAdd);
    });
  });
}
