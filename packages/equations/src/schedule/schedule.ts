// The schedule of a call: what is computed in which order, what as one piece, and where its numbers are.
//
// A call has four phases (see order.ts of this package): what is the same for all rows, the rows, sums over all rows, and
// what follows from these. Rows are independent, so any of them may be computed by any thread; sums come after all rows.
import type { Graph, Value } from '../ir.ts';
import type { Phase } from '../order.ts';
import { type Family, membersOf } from './families.ts';
import { type Node, Nodes } from './nodes.ts';
import { type Item, Ordering } from './order.ts';
import { addInPlace, type Merging, mergeGradients, mergeLookups, mergeProducts, mergeSums } from './products.ts';
import { sink } from './sink.ts';
import { type Access, type Buffer, Storage } from './storage.ts';

/** What a call computes. */
export interface Wanted {
  /** Values that the caller reads. */
  readonly results: readonly number[];
  /** Gradients by the parameter they belong to. */
  readonly gradients: ReadonlyMap<string, number>;
}

/** A call, ready to be compiled. */
export interface Schedule {
  /** Parameters that lie side by side. */
  readonly families: readonly Family[];
  /** In the order they run. */
  readonly phases: Readonly<Record<Phase, readonly Item[]>>;
  /** Whatever nodes need memory for. */
  readonly buffers: readonly Buffer[];
  /** Whatever is computed or given. */
  readonly nodes: Nodes;
  /** Where the numbers of each are. */
  readonly storage: Storage;
  /** Where the numbers of each result are. */
  readonly results: ReadonlyMap<number, Access>;
  /** Parameters that the result does not depend on. */
  readonly withoutGradient: readonly string[];
}

/**
 * Schedules the values of a graph.
 * @param families - of the network's parameters, as {@link familiesOf} gives them.
 */
export function schedule(graph: Graph, families: readonly Family[], wanted: Wanted): Schedule {
  const isZero = (id: number) => isZeroConstant(graph, id);
  const gradients = [...wanted.gradients].filter(([, id]) => !isZero(id));
  const withoutGradient = [...wanted.gradients].filter(([, id]) => isZero(id)).map(([name]) => name);
  const nodes = new Nodes(graph, [...wanted.results, ...gradients.map(([, id]) => id)]);
  const results = new Set([...wanted.results, ...gradients.map(([, id]) => id)]);
  const merging: Merging = { nodes, families, members: membersOf(families), results };
  // Before values move into loops: a sum of products over all steps is one product.
  const sideBySide = mergeSums(merging);
  sink(nodes, results);
  addInPlace(merging);
  const groups = [...mergeProducts(merging, sideBySide), ...mergeLookups(merging, sideBySide)];
  addCopies(nodes);
  const parameterOf = placeGradients(nodes, gradients);
  const read = placeResults(nodes, wanted.results);
  const sums = mergeGradients(merging, parameterOf, sideBySide);
  const ordering = new Ordering(nodes, [...groups, ...sums]);
  const phases = itemsByPhase(nodes, ordering);
  const items = Object.values(phases).flat();
  const kept = new Set(read.values());
  const storage = new Storage(nodes, { items, wanted: sideBySide, gradients: parameterOf, results: kept });
  const access = new Map([...read].map(([id, node]) => [id, storage.access(node)] as const));
  live(phases, nodes, storage, [...access.values()]);
  return { families, phases, buffers: storage.buffers, nodes, storage, results: access, withoutGradient };
}

function isZeroConstant(graph: Graph, id: number): boolean {
  const value = graph.values[id] as Value;
  if (value.op === 'expand') return isZeroConstant(graph, value.args[0] as number);
  return value.op === 'constant' && value.value === 0;
}

/** The end of a loop's step: carries take their new values, and stacks of carries what they were. */
function addCopies(nodes: Nodes): void {
  const loops = nodes.all().filter(({ kind }) => kind === 'loop');
  for (const { value } of loops) {
    if (value.op !== 'scan') continue;
    for (const { leaf, next } of nodes.scans[value.scan]?.carries ?? [])
      nodes.copy(nodes.at(next), { to: 'carry', leaf }, value.scan);
  }
  for (const { value } of nodes.all()) {
    if (value.op !== 'stack') continue;
    const inner = nodes.at(value.args[0]);
    if (inner.value.op === 'carry' && inner.kind === 'leaf')
      nodes.copy(inner, { to: 'stack', leaf: inner.id }, inner.where);
  }
}

/** Gradients are computed where the optimizer finds them; what cannot be is copied there. */
function placeGradients(nodes: Nodes, gradients: readonly (readonly [string, number])[]): ReadonlyMap<number, string> {
  const placed = new Map<number, string>();
  for (const [name, id] of gradients) {
    const node = nodes.at(id);
    const own = node.kind === 'map' || node.kind === 'reduce' || node.kind === 'positions';
    const free = own && node.where < 0 && node.over.length === 0 && !placed.has(id);
    placed.set(free ? id : nodes.copy(node, { to: 'result' }).id, name);
  }
  return placed;
}

/** What is given from outside, or the same as something that a parameter's gradient is, needs a place of its own. */
function placeResults(nodes: Nodes, results: readonly number[]): ReadonlyMap<number, number> {
  return new Map(
    results.map((id) => {
      const node = nodes.at(id);
      return [id, node.kind === 'leaf' ? nodes.copy(node, { to: 'result' }).id : id] as const;
    }),
  );
}

function itemsByPhase(nodes: Nodes, ordering: Ordering): Record<Phase, readonly Item[]> {
  const outside = nodes.all().filter(({ where }) => where < 0);
  const of = (phase: Phase) => ordering.items(outside.filter((node) => node.phase === phase));
  return { shared: of('shared'), row: of('row'), collected: of('collected'), after: of('after') };
}

/** How long each buffer is needed. */
function live(
  phases: Readonly<Record<Phase, readonly Item[]>>,
  nodes: Nodes,
  storage: Storage,
  results: readonly Access[],
): void {
  const use = ({ home }: Access, at: number, lasting: boolean): void => {
    if (home.in !== 'buffer') return;
    home.buffer.first = Math.min(home.buffer.first, at);
    home.buffer.last = Math.max(home.buffer.last, at);
    home.buffer.lasting ||= lasting;
  };
  for (const [phase, items] of Object.entries(phases)) {
    items.forEach((item, at) => {
      for (const access of accessesOf(item, nodes, storage)) use(access, phase === 'row' ? at : 0, phase !== 'row');
    });
  }
  for (const access of results) use(access, phases.row.length, true);
  for (const node of nodes.all()) if (isGiven(node)) use(storage.access(node.id), -1, true);
}

/** Whether a node is an input, a state or the like, which the caller gives for all rows before the call. */
export function isGiven({ kind, value, destination }: Node): boolean {
  return kind === 'leaf' && !destination && ['input', 'state', 'position', 'length', 'start'].includes(value.op);
}

/** Everything that an item reads or writes. */
function accessesOf(item: Item, nodes: Nodes, storage: Storage): Access[] {
  const inItem = new Set(item.nodes.map(({ id }) => id));
  const own = item.nodes.flatMap((node): Access[] => {
    const reads = nodes.reads(node).filter((id) => !inItem.has(id) || storage.isStored(nodes.at(id)));
    const writes = node.destination
      ? [storage.destination(node)]
      : storage.isStored(node)
        ? [storage.access(node.id)]
        : [];
    const scratch = storage.scratch(node);
    return [
      ...(scratch ? [scratch.best, scratch.place] : []),
      ...writes,
      ...reads.filter((id) => nodes.at(id).kind !== 'loop').map((id) => storage.access(id)),
      ...carriesOf(node, nodes, storage),
    ];
  });
  return [...own, ...item.body.flatMap((inner) => accessesOf(inner, nodes, storage))];
}

function carriesOf({ value, kind }: Node, nodes: Nodes, storage: Storage): Access[] {
  if (kind !== 'loop' || value.op !== 'scan') return [];
  const carries = nodes.scans[value.scan]?.carries ?? [];
  return carries.flatMap(({ init, leaf }) => [storage.access(init), storage.access(leaf)]);
}
