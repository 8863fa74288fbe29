// Loops over the blocks of a size and over the panels of B.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { I32 } from '../assembler/values.ts';
import { PANEL_BYTES, PANEL_COLUMNS } from './sizes.ts';

/** Cuts 0…size into stretches of at most `most`; runs once for an empty one too. */
export function inBlocks(
  f: FunctionBuilder,
  name: string,
  size: Variable<I32>,
  most: number,
  body: (start: Variable<I32>, length: Variable<I32>) => void,
): void {
  const start = f.let(name, I32.const(0));
  f.loop(`blocks_of_${name}`, (again) => {
    const left = f.let(`${name}_left`, size.sub(start));
    body(start, f.let(`${name}_length`, left.ltU(most).select(left, I32.const(most))));
    f.set(start, start.add(most));
    again.goIf(start.ltU(size));
  });
}

/** How much of a panel is computed: both vectors; both, the second stored in part; the first, stored in part. */
export type Width = 'whole' | 'wide' | 'narrow';

/** Goes through the panels of B and the columns of C under them; `lanes` is how many of the last vector are stored. */
export function eachPanel(
  f: FunctionBuilder,
  { b, c, columns, panelStride }: Readonly<Record<'b' | 'c' | 'columns' | 'panelStride', Variable<I32>>>,
  compute: (
    width: Width,
    at: { readonly b: Variable<I32>; readonly c: Variable<I32>; readonly lanes: Variable<I32> },
  ) => void,
): void {
  const lanes = f.let('lanes', columns);
  const at = { b: f.let('b_panel', b), c: f.let('c_panel', c), lanes };
  f.while(
    () => lanes.geU(PANEL_COLUMNS),
    () => {
      compute('whole', at);
      f.set(at.b, at.b.add(panelStride));
      f.set(at.c, at.c.add(PANEL_BYTES));
      f.set(lanes, lanes.sub(PANEL_COLUMNS));
    },
  );
  f.if(
    lanes.gtU(4),
    () => {
      f.set(lanes, lanes.sub(4));
      compute('wide', at);
    },
    () => f.if(lanes, () => compute('narrow', at)),
  );
}
