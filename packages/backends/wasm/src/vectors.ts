// Brings the input vectors of a shard into the order of its rows: the caller copies them as they are, the threads sort them.
import { type Access, batchInputs, type Node, sizeOf } from '@unrolled/equations';
import { F32x4, I32, type Variable } from '@unrolled/wasm';
import type { Frame } from './frame.ts';
import { header } from './header.ts';
import { eachUnits, loadUnits, storeUnits } from './units.ts';

/** Whether a leaf is the network's input vectors, or where it takes one step the vectors of its memory. */
export function isVectors({ value, shape }: Node): boolean {
  if (value.op !== 'input' || value.classes > 0 || shape.length !== 1 || !value.over.includes('time')) return false;
  return value.name === batchInputs.x || value.name === batchInputs.memory;
}

/** Copies the vector of each step of each row. */
export function emitVectors(frame: Frame, call: Variable<I32>, { home, shape, index }: Access): void {
  if (home.in !== 'buffer') return;
  const { f } = frame;
  const { buffer, column } = home;
  const place = { buffer, index, stride: 4 * buffer.width };
  const units = sizeOf(shape);
  const order = f.let('order', I32.load(call, header.order));
  const vectors = f.let('vectors', I32.load(call, header.vectors));
  const rows = f.let('all_rows', I32.load(call, header.rows));
  frame.eachStep(false, (run) => {
    const to = f.let('to', frame.pointer(place, run).add(4 * column));
    const step = f.let('step_rows', run.step.mul(rows));
    f.for('row', 0, run.count, 1, (row) => {
      const number = I32.load(order.add(frame.rowBase.add(row).shl(2)));
      const from = f.let(
        'vector',
        number
          .add(step)
          .mul(4 * units)
          .add(vectors),
      );
      eachUnits(f, units, (unit, lanes) => {
        storeUnits(
          f,
          to.add(unit),
          loadUnits(f, (a) => F32x4.load(a), from.add(unit), lanes),
          lanes,
        );
      });
      f.set(to, to.add(place.stride));
    });
  });
}
