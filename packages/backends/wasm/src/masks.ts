// Random masks: drawn for each row and step by the same generator as everywhere, or their expectation.
import { maskThreshold, UnrolledError } from '@unrolled/core';
import { type Node, sizeOf } from '@unrolled/equations';
import { F32, GEMM_SCRATCH_BYTES, I32, type MaskFunction, type Variable } from '@unrolled/wasm';
import type { Frame, Run } from './frame.ts';
import { header } from './header.ts';
import type { Kernel, KernelContext } from './kernels.ts';
import { fillKernel } from './positions.ts';

/** What masks are drawn with, inside the function that computes a shard. */
export interface MaskContext extends KernelContext {
  readonly mask: () => MaskFunction;
  readonly header: Variable<I32>;
  readonly gemmScratch: I32;
}

/** Fills the memory of a random node; `over` runs a kernel over its axes. */
export function emitMask(context: MaskContext, frame: Frame, node: Node, over: (kernel: Kernel) => void): void {
  const { f } = frame;
  const first = node.over.includes('time');
  const second = node.over.includes('time*');
  const out = context.schedule.storage.access(node.id);
  const { value } = node;
  if (value.op !== 'random') return;
  const expectation = fillKernel(context, out, Math.fround(value.probability * value.high));
  f.if(
    I32.load(context.header, header.draws),
    () => {
      if (first) frame.eachStep(false, (run) => drawRows(context, frame, node, run, second));
      else drawRows(context, frame, node, frame.rows(), second);
    },
    () => over(expectation),
  );
}

/** Draws the mask of each row of a run. */
function drawRows(context: MaskContext, frame: Frame, node: Node, run: Run, second: boolean): void {
  const { f } = frame;
  const { value } = node;
  const out = context.schedule.storage.access(node.id);
  if (value.op !== 'random' || out.home.in !== 'buffer') return;
  const { buffer, column } = out.home;
  const place = { buffer, index: out.index, stride: 4 * buffer.width };
  const units = sizeOf(node.shape);
  const number = (word: number) => I32.load(context.header, word);
  f.for('row', 0, run.count, 1, (row) => {
    const index = f.let('index', frame.rowBase.add(row).shl(2));
    const draw = (to: I32, count: I32 | number) => {
      const begun = run.step ? I32.load(number(header.starts).add(index)).add(run.step) : I32.const(0);
      f.run(
        context.mask()({
          to,
          units: count,
          keyLow: number(header.keyLow),
          keyHigh: number(header.keyHigh),
          update: number(header.update),
          site: value.site,
          example: I32.load(number(header.examples).add(index)),
          step: begun,
          threshold: maskThreshold(value.probability) | 0,
          high: F32.const(value.high),
        }),
      );
    };
    if (!second) {
      draw(
        frame
          .pointer(place, run)
          .add(4 * column)
          .add(row.mul(place.stride)),
        units,
      );
      return;
    }
    // The units of all positions of the second index are drawn in a row, and then brought to where these are.
    const length = f.let('length', I32.const(0));
    frame.eachSecond(undefined, ({ count }) => f.set(length, length.add(count.gtU(row))));
    draw(context.gemmScratch, length.mul(units));
    frame.eachSecond(run.step ? run : undefined, (both) => {
      f.if(both.count.gtU(row), () => {
        const to = frame
          .pointer(place, both)
          .add(4 * column)
          .add(row.mul(place.stride));
        f.copy(to, context.gemmScratch.add((both.secondStep as Variable<I32>).mul(4 * units)), 4 * units);
      });
    });
  });
}

/**
 * Masks over a second index are drawn in memory that products use otherwise.
 * @throws UnrolledError `BACKEND_UNSUPPORTED` for a mask that does not fit there
 */
export function checkMasks(nodes: readonly Node[], steps: number): void {
  const most = GEMM_SCRATCH_BYTES / 4;
  for (const { value, over, shape } of nodes) {
    const size = sizeOf(shape) * steps;
    if (value.op !== 'random' || !over.includes('time*') || size <= most) continue;
    throw new UnrolledError(
      'BACKEND_UNSUPPORTED',
      `A random mask over the second index has ${size} numbers at each step; the wasm backend draws at most ${most}.`,
      { mend: 'Use shorter sequences, or a mask that does not depend on the second index.' },
    );
  }
}
