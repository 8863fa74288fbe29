// Emits what is computed for the rows of a shard: items in order, loops over steps, kernels over runs of rows.
import { type Access, type Axis, type Item, loopOf, type Node } from '@unrolled/equations';
import { I32 } from '@unrolled/wasm';
import type { Frame, Run } from './frame.ts';
import { fusedKernel } from './fused.ts';
import type { Kernel } from './kernels.ts';
import { emitMask, type MaskContext } from './masks.ts';
import {
  combineKernel,
  copyKernel,
  fillKernel,
  firstLargestUnitKernel,
  gatherKernel,
  isPlaceKernel,
  joinKernel,
  largestPlaceKernel,
  matrixVectorKernel,
  outerKernel,
  scatterKernel,
  tableRow,
} from './positions.ts';
import { emitProduct, type PackedMatrices } from './products.ts';

/** What rows are computed with. */
export interface RowsContext extends MaskContext {
  readonly packed: PackedMatrices;
}

/** Emits the items of one place; in a loop `step` is the run of its step. */
export function emitItems(context: RowsContext, frame: Frame, items: readonly Item[], step?: Run): void {
  for (const item of items) {
    const [first] = item.nodes as [Node];
    if (first.kind === 'loop') emitLoop(context, frame, item);
    else if (first.kind === 'map' || first.kind === 'reduce') emitFused(context, frame, item, step);
    else if (first.kind === 'product') emitProducts(context, frame, item, step);
    else emitPositions(context, frame, item, step);
  }
}

function emitLoop(context: RowsContext, frame: Frame, { nodes: [loop], body }: Item): void {
  const { nodes, storage } = context.schedule;
  const scan = nodes.scans[loopOf(loop as Node)];
  if (!scan) return;
  for (const { init, leaf } of scan.carries)
    frame.run(copyKernel(context, storage.access(leaf), storage.access(init)), frame.rows());
  frame.eachStep(scan.reverse, (step) => emitItems(context, frame, body, step));
}

function emitFused(context: RowsContext, frame: Frame, { nodes }: Item, step: Run | undefined): void {
  const [first] = nodes as [Node];
  const over = first.kind === 'reduce' ? context.schedule.nodes.at(first.args[0] as number).over : first.over;
  runs(frame, fusedKernel(context, nodes), over, step);
}

function emitProducts(context: RowsContext, frame: Frame, { nodes }: Item, step: Run | undefined): void {
  const [first] = nodes as [Node];
  const { kernelRun, accesses } = emitProduct(context, nodes);
  eachRun(frame, accesses, first.over, step, (run) => kernelRun(frame, run));
}

/** Runs a kernel over some axes: of all positions at once where that can be, else step by step. */
function runs(
  frame: Frame,
  kernel: Kernel,
  over: readonly Axis[],
  step: Run | undefined,
  along?: 'time' | 'time*',
): void {
  const indices = [...kernel.operands.pointers.values()].map(({ index }) => index);
  eachRun(
    frame,
    indices.map((index) => ({ index })),
    over,
    step,
    (run) => {
      const number = along === 'time*' ? run.secondStep : run.step;
      frame.run(kernel, run, number ?? I32.const(0));
    },
    along !== undefined,
  );
}

/** Goes through runs of rows over some axes. */
function eachRun(
  frame: Frame,
  accesses: readonly Pick<Access, 'index'>[],
  over: readonly Axis[],
  step: Run | undefined,
  body: (run: Run) => void,
  numbered = false,
): void {
  const second = over.includes('time*');
  if (step) {
    if (second) frame.eachSecond(step, body);
    else body(step);
    return;
  }
  const first = over.includes('time');
  if (!first && !second) body(frame.rows());
  else if (first && second) frame.eachStep(false, (outer) => frame.eachSecond(outer, body));
  else {
    const index = first ? 'time' : 'time*';
    const flat = !numbered && accesses.every((access) => access.index === index || access.index === 'none');
    if (flat) body(frame.positions());
    else if (first) frame.eachStep(false, body);
    else frame.eachSecond(undefined, body);
  }
}

function emitPositions(context: RowsContext, frame: Frame, { nodes }: Item, step: Run | undefined): void {
  const [node] = nodes as [Node];
  const { nodes: all, storage, families } = context.schedule;
  const { value } = node;
  const access = (id: number) => storage.access(id);
  const args = value.op === 'sum' ? node.args.slice(0, 1) : node.args;
  const out = access(node.id);
  const axes = (['batch', 'time', 'time*'] as const).filter((axis) =>
    [node, ...args.map((id) => all.at(id))].some((each) => axesIn(each, node).includes(axis)),
  );
  const over = (kernel: Kernel, space: readonly Axis[], along?: 'time' | 'time*') =>
    runs(frame, kernel, space, step, along);
  const [a = -1, b = -1] = node.args;
  switch (value.op) {
    case 'sum': {
      over(b < 0 ? fillKernel(context, out, 0) : copyKernel(context, out, access(b)), node.over);
      return void over(combineKernel(context, out, access(a), 'sum'), axes);
    }
    case 'largest': {
      over(fillKernel(context, out, Number.NEGATIVE_INFINITY), node.over);
      return void over(combineKernel(context, out, access(a), 'largest'), axes);
    }
    case 'firstLargest': {
      const scratch = storage.scratch(node);
      if (!scratch || value.along === 'units')
        return void over(firstLargestUnitKernel(context, out, access(a)), node.over);
      const kept = node.over.filter((axis) => axis !== value.along);
      over(fillKernel(context, scratch.best, Number.NEGATIVE_INFINITY), kept);
      over(fillKernel(context, scratch.place, 0), kept);
      over(largestPlaceKernel(context, { ...scratch, from: access(a) }), node.over, value.along);
      return void over(isPlaceKernel(context, { out, place: scratch.place }), node.over, value.along);
    }
    case 'join':
      return void over(joinKernel(context, out, node.args.map(access)), node.over);
    case 'matmul':
      return void over(
        matrixVectorKernel(context, { out, matrix: access(a), vector: access(b) }, value.transposed),
        node.over,
      );
    case 'outer':
      over(fillKernel(context, out, 0), node.over);
      return void over(outerKernel(context, { out, a: access(a), b: access(b) }), axes);
    case 'gather': {
      const table = all.at(a);
      const family = table.value.op === 'parameter' ? familyOf(table.value.name, families) : undefined;
      if (family?.layout === 'columns') {
        const [rows = 1] = family.shape;
        const shape = [rows * nodes.length];
        const whole = { ...out, shape };
        const row = { first: 4 * rows * family.names.length, step: 4, count: rows * nodes.length };
        return void over(gatherKernel(context, { out: whole, table: access(a), ids: access(b) }, row), node.over);
      }
      return void over(
        gatherKernel(context, { out, table: access(a), ids: access(b) }, tableRow(table.shape, value.axis)),
        node.over,
      );
    }
    case 'scatterAdd':
      over(fillKernel(context, out, 0), node.over);
      return void over(
        scatterKernel(context, { out, value: access(b), ids: access(a) }, tableRow(node.shape, value.axis)),
        axes,
      );
    case 'random':
      return void emitMask(context, frame, node, (kernel) => over(kernel, node.over));
    default:
      throw new RangeError(`"${value.op}" is computed by no kernel`);
  }
}

/** Axes that a run goes through: in a loop its step is given. */
function axesIn(each: Node, node: Node): readonly Axis[] {
  return node.where >= 0 ? each.over.filter((axis) => axis !== 'time') : each.over;
}

/** The family of a parameter. */
export function familyOf<F extends { readonly names: readonly string[] }>(
  name: string,
  families: readonly F[],
): F | undefined {
  return families.find(({ names }) => names.includes(name));
}
