// Finds values of a loop's body that are computed alike, the gates of a cell for one, so that one operation computes them
// all: Whi @ h, Whf @ h, … are one product, and what is added to them and the functions of the sums go together too.
import { compareCodePoints } from '@unrolled/core';
import type { Binary, Computed, Graph, Unary, Value } from '@unrolled/equations';

/** Vectors that are computed as one, joined along their units. */
export interface Pack {
  /** In the order in which they are joined. */
  readonly members: readonly Member[];
  /** The pieces that it is cut into where it is not read as a whole; in order. */
  readonly pieces: readonly (readonly number[])[];
}

/** Values that can be packed. */
export type Member = Computed & { readonly op: 'matmul' | Unary | Binary };

/** A loop's body in order, a pack in the place of its first member. */
export interface PackedBody {
  /** Values and packs. */
  readonly body: readonly (number | Pack)[];
  /** The pack that a value is computed in. */
  readonly packs: ReadonlyMap<number, Pack>;
}

/**
 * Packs a body.
 * @param wanted - values that something outside of the body reads.
 */
export function packBody(graph: Graph, body: readonly number[], wanted: readonly number[]): PackedBody {
  const groups = groupsOf(graph, body);
  const orders = ordersOf(graph, body, groups);
  const packs = new Map<number, Pack>();
  for (const group of orders.keys()) {
    const pack = { members: membersOf(graph, orders, group), pieces: piecesOf(graph, body, orders, group, wanted) };
    for (const { id } of pack.members) packs.set(id, pack);
  }
  const placed = new Set<Pack>();
  const inPlace = body.flatMap((id): readonly (number | Pack)[] => {
    const pack = packs.get(id);
    if (!pack) return [id];
    if (placed.has(pack)) return [];
    placed.add(pack);
    return [pack];
  });
  return { body: inPlace, packs };
}

/** Values that are computed alike; `parents` are the groups of their arguments. */
interface Group {
  readonly members: number[];
  readonly parents: readonly Group[];
}

/** The group of each value that has one: equal operations on members of equal groups. */
function groupsOf(graph: Graph, body: readonly number[]): ReadonlyMap<number, Group> {
  const byKind = new Map<string, Group>();
  const numbers = new Map<Group, number>();
  const groups = new Map<number, Group>();
  for (const id of body) {
    const kind = kindOf(graph, graph.values[id] as Value, (arg) => numbers.get(groups.get(arg) as Group));
    if (kind === undefined) continue;
    const args = (graph.values[id] as Member).args;
    const group = byKind.get(kind) ?? { members: [], parents: args.flatMap((arg) => groups.get(arg) ?? []) };
    byKind.set(kind, group);
    numbers.set(group, numbers.get(group) ?? numbers.size);
    group.members.push(id);
    groups.set(id, group);
  }
  const good = new Set<Group>();
  for (const group of numbers.keys()) if (isPack(graph, group, groups, good)) good.add(group);
  return new Map([...groups].filter(([, group]) => good.has(group)));
}

/** Equal for values that may be computed as one; undefined for one that can not be packed at all. */
function kindOf(graph: Graph, value: Value, groupOf: (id: number) => number | undefined): string | undefined {
  if (!isMember(value)) return undefined;
  if (value.op === 'matmul') {
    const [matrix, vector] = value.args as [number, number];
    const { over, scope } = graph.values[matrix] as Value;
    return value.transposed || over.length > 0 || scope >= 0 ? undefined : `matmul ${vector}`;
  }
  const kinds = value.args.map((id) => argumentKind(graph, id, groupOf(id)));
  return kinds.includes(undefined) || !kinds.some((kind) => kind?.startsWith('group'))
    ? undefined
    : `${value.op} ${kinds}`;
}

const elementwise: ReadonlySet<string> = new Set<Unary | Binary>([
  ...(['exp', 'log', 'sqrt', 'abs', 'sin', 'cos', 'tanh', 'sigmoid', 'softplus', 'erf'] as const),
  ...(['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum'] as const),
]);

/** A vector for each sequence, computed by a product or element by element. */
function isMember(value: Value): value is Member {
  const packable = value.op === 'matmul' || elementwise.has(value.op);
  return packable && value.shape.length === 1 && value.over.join() === 'batch';
}

/** A member of a group, a vector from outside that can be joined with others like it, or a scalar that all share. */
function argumentKind(graph: Graph, id: number, group: number | undefined): string | undefined {
  const { shape, over, scope } = graph.values[id] as Value;
  if (shape.length === 0) return `scalar ${id}`;
  if (group !== undefined) return `group ${group}`;
  return scope < 0 && shape.length === 1 && !over.includes('time*') ? `outside ${over}` : undefined;
}

/** Whether a group is worth packing: several members, each from another one of packed arguments. */
function isPack(graph: Graph, group: Group, groups: ReadonlyMap<number, Group>, good: ReadonlySet<Group>): boolean {
  const { members, parents } = group;
  if (members.length < 2 || !parents.every((parent) => good.has(parent))) return false;
  const args = members.map((id) => (graph.values[id] as Member).args.filter((arg) => groups.has(arg)));
  return parents.every((_, place) => new Set(args.map((each) => each[place])).size === members.length);
}

/** Each group's members in the order of their arguments; where there are none, those that are read together side by side. */
function ordersOf(
  graph: Graph,
  body: readonly number[],
  groups: ReadonlyMap<number, Group>,
): ReadonlyMap<Group, readonly number[]> {
  const paths = pathsOf(graph, body, groups);
  const orders = new Map<Group, readonly number[]>();
  for (const group of new Set(groups.values())) {
    const [parent] = group.parents;
    const before = parent && orders.get(parent);
    const place = (id: number): number =>
      before?.findIndex((arg) => (graph.values[id] as Member).args.includes(arg)) ?? 0;
    const byPath = (a: number, b: number) => compareCodePoints(paths.get(a) ?? '', paths.get(b) ?? '');
    orders.set(
      group,
      [...group.members].sort((a, b) => (before ? place(a) - place(b) : byPath(a, b))),
    );
  }
  return orders;
}

/** Through which groups a value goes from reader to first reader: `3.5` */
function pathsOf(
  graph: Graph,
  body: readonly number[],
  groups: ReadonlyMap<number, Group>,
): ReadonlyMap<number, string> {
  const numbers = new Map([...new Set(groups.values())].map((group, number) => [group, number] as const));
  const paths = new Map<number, string>();
  for (const id of [...body].reverse()) {
    const group = groups.get(id);
    if (!group) continue;
    for (const arg of (graph.values[id] as Member).args) paths.set(arg, `${numbers.get(group)}.${paths.get(id) ?? ''}`);
  }
  return paths;
}

function membersOf(graph: Graph, orders: ReadonlyMap<Group, readonly number[]>, group: Group): readonly Member[] {
  return (orders.get(group) as readonly number[]).map((id) => graph.values[id] as Member);
}

/** Cuts a group where a reader takes less than all of it. */
function piecesOf(
  graph: Graph,
  body: readonly number[],
  orders: ReadonlyMap<Group, readonly number[]>,
  group: Group,
  wanted: readonly number[],
): readonly (readonly number[])[] {
  const members = orders.get(group) as readonly number[];
  const packed = new Set([...orders.values()].flat());
  const cuts = new Set<number>();
  const alone = (id: number): void => {
    const at = members.indexOf(id);
    if (at >= 0) cuts.add(at).add(at + 1);
  };
  for (const id of wanted) alone(id);
  for (const id of body) if (!packed.has(id)) (graph.values[id] as Computed).args.forEach(alone);
  for (const readers of orders.values()) {
    for (const run of runsIn(graph, readers, members)) {
      if (run.length === members.length) continue;
      const at = members.indexOf(run[0] as number);
      if (run.every((id, i) => members[at + i] === id)) cuts.add(at).add(at + run.length);
      else run.forEach(alone);
    }
  }
  if (cuts.size === 0) return [];
  const ends = [...cuts.add(0).add(members.length)].sort((a, b) => a - b);
  return ends.slice(1).map((end, i) => members.slice(ends[i], end));
}

/** For each argument of a group of readers: what it reads of `members`, in the readers' order. */
function runsIn(graph: Graph, readers: readonly number[], members: readonly number[]): readonly (readonly number[])[] {
  const places = (graph.values[readers[0] as number] as Member).args.map((_, place) => place);
  const runs = places.map((place) => readers.map((id) => (graph.values[id] as Member).args[place] as number));
  return runs.filter((run) => run.some((id) => members.includes(id)));
}
