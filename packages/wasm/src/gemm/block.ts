// All rows of C for a stretch of k, with B in panels: packs A as it goes, then computes tile by tile.
import type { ModuleBuilder, WasmFunction } from '../assembler/module-builder.ts';
import { F32, I32 } from '../assembler/values.ts';
import { eachPanel, inBlocks, type Width } from './loops.ts';
import { packStraight, packTransposed } from './pack.ts';
import type { Row } from './row.ts';
import { BLOCK_ROWS, PANEL_BYTES, TILE_BYTES, TILE_ROWS } from './sizes.ts';
import type { Strip } from './strip.ts';

const block = {
  a: I32,
  aStride: I32,
  b: I32,
  panelStride: I32,
  c: I32,
  cStride: I32,
  rows: I32,
  columns: I32,
  depth: I32,
  accumulate: I32,
  scratch: I32,
};

/** C (+)= A·B: addresses; bytes between the rows of A and of C, and between the panels of B; sizes; room for packed A. */
export type Block = WasmFunction<typeof block, undefined>;

/** What computes the tiles. */
export interface Tiles {
  readonly strips: Readonly<Record<Width, Strip>>;
  /** For packed B. */
  readonly row: Row;
}

/** Makes the function for A `[rows, depth]`, or for A given as `[depth, rows]`. */
export function blockFunction(module: ModuleBuilder, form: 'rows' | 'transposed', { strips, row }: Tiles): Block {
  const plain = form === 'rows';
  const pack = plain ? packTransposed(module, TILE_ROWS) : packStraight(module, TILE_ROWS);
  return module.function(`block_of_${form}`, block, (f, place) => {
    const { a, aStride, b, panelStride, c, cStride, rows, columns, depth, accumulate, scratch } = place;
    inBlocks(f, 'i', rows, BLOCK_ROWS, (i, height) => {
      // A last row by itself needs no panel, and has registers for several panels of B.
      const single = f.let('single', height.and(TILE_ROWS - 1).eq(1));
      const tiled = f.let('tiled', height.sub(single));
      const last = f.let('last', i.add(tiled));
      const rowOfA = (index: I32): I32 => a.add(plain ? index.mul(aStride) : index.shl(2));
      const rowOfC = (index: I32): I32 => c.add(index.mul(cStride));
      f.if(tiled, () => {
        const size = { depth, width: tiled, panelStride: depth.mul(TILE_BYTES) };
        f.run(pack({ from: rowOfA(i), stride: aStride, to: scratch, ...size }));
        const common = { a: scratch, cStride, rows: tiled, depth, accumulate };
        const under = { b, c: f.let('c_rows', rowOfC(i)), columns, panelStride };
        eachPanel(f, under, (width, at) => f.run(strips[width]({ ...common, ...at })));
      });
      f.if(single, () => {
        const from = f.let('a_last', rowOfA(last));
        if (!plain) {
          f.for('k', 0, depth, 1, (k) => {
            f.store(scratch.add(k.shl(2)), F32.load(from.add(k.mul(aStride))));
          });
          f.set(from, scratch);
        }
        const into = { c: rowOfC(last), columns, depth, accumulate };
        f.run(row({ a: from, b, bStride: PANEL_BYTES, panelStride, ...into }));
      });
    });
  });
}
