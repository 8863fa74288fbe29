// Brings products together: those of one vector side by side, sums of products as one, and a sum onto what it is added to.
import type { Family, Member } from './families.ts';
import type { Node, Nodes, Term } from './nodes.ts';

/** What the passes need to know of the network. */
export interface Merging {
  readonly nodes: Nodes;
  readonly families: readonly Family[];
  readonly members: ReadonlyMap<string, Member>;
  /** Values that must be there in the end. */
  readonly results: ReadonlySet<number>;
}

/** Nodes whose numbers stand in neighbouring columns of one buffer, in this order. */
export type SideBySide = readonly number[];

/**
 * Replaces sums of products, W₁ᵀ@a + W₂ᵀ@b + …, by one product over the vectors one behind the other, where the matrices
 * are neighbours in memory and the vectors can be.
 * @returns the vectors that have to stand side by side.
 */
export function mergeSums(merging: Merging): SideBySide[] {
  const { nodes, results } = merging;
  const wanted: SideBySide[] = [];
  const users = nodes.users();
  const single = (node: Node) => !results.has(node.id) && users.get(node.id)?.length === 1;
  const inner = new Set<number>();
  for (const root of nodes.all().reverse()) {
    if (!isSum(root) || inner.has(root.id)) continue;
    const { leaves, sums } = leavesOf(root, nodes, single);
    const products = leaves.filter(
      (leaf) =>
        leaf.kind === 'product' && leaf.where === root.where && single(leaf) && leaf.shape.join() === root.shape.join(),
    );
    const sorted = neighbours(merging, products, 'vectors');
    if (!sorted) continue;
    for (const sum of sums) inner.add(sum.id);
    const vectors = sorted.map(({ terms }) => rootOf(nodes, (terms[0] as Term).vector));
    if (!stand(vectors, nodes, wanted)) continue;
    replace(
      nodes,
      root,
      sorted,
      leaves.filter((leaf) => !products.includes(leaf)),
    );
    for (const gone of [...sums.filter((sum) => sum !== root), ...products]) nodes.remove(gone.id);
  }
  return wanted;
}

function isSum({ value, kind, destination, over, shape }: Node): boolean {
  return kind === 'map' && value.op === 'add' && !destination && over.includes('batch') && shape.length === 1;
}

function leavesOf(root: Node, nodes: Nodes, single: (node: Node) => boolean): { leaves: Node[]; sums: Node[] } {
  const leaves: Node[] = [];
  const sums: Node[] = [];
  const visit = (node: Node): void => {
    sums.push(node);
    for (const arg of node.args.map((id) => nodes.at(id))) {
      const joins = isSum(arg) && single(arg) && arg.where === root.where && arg.over.join() === root.over.join();
      if (joins) visit(arg);
      else leaves.push(arg);
    }
  };
  visit(root);
  return { leaves, sums };
}

/** The sum becomes the product itself, or the sum of it and what else there was. */
function replace(nodes: Nodes, root: Node, products: readonly Node[], others: readonly Node[]): void {
  const terms = products.flatMap((product) => product.terms);
  const args = terms.flatMap(({ matrix, vector }) => [matrix, vector]);
  if (others.length === 0) {
    Object.assign(root, { kind: 'product', terms, args });
    return;
  }
  const [first, ...rest] = others as [Node, ...Node[]];
  const merged = Object.assign(nodes.sum(first, first, products[0] as Node), { kind: 'product', terms, args });
  let sum: Node = merged;
  for (const other of rest) sum = nodes.sum(sum, other, root);
  root.args = [sum.id, first.id];
}

/**
 * The products in the order of their matrices, if there are several, of one kind, and each matrix follows the last.
 * @param along - whether the vectors or the results stand one behind the other.
 */
function neighbours(
  { nodes, families, members }: Merging,
  products: readonly Node[],
  along: 'vectors' | 'results',
): readonly Node[] | undefined {
  if (products.length < 2) return undefined;
  const placed = products.map((product) => {
    const { matrix, transposed } = product.terms[0] as Term;
    const { value } = nodes.at(matrix);
    const member = value.op === 'parameter' ? members.get(value.name) : undefined;
    return { product, member, transposed };
  });
  placed.sort((a, b) => (a.member?.index ?? 0) - (b.member?.index ?? 0));
  const [first] = placed;
  const family = families[first?.member?.family ?? -1];
  const transposed = along === 'vectors';
  const [rows = 0, columns = 0] = family?.shape ?? [];
  const follows = placed.every(
    ({ member, ...each }, place) =>
      member?.family === first?.member?.family &&
      member?.index === (first?.member?.index ?? 0) + place &&
      each.transposed === transposed,
  );
  const whole = family?.layout === 'rows' && rows % 4 === 0 && columns > 0;
  return follows && whole ? placed.map(({ product }) => product) : undefined;
}

/** Products of one vector with matrices that are neighbours: their results stand side by side. */
export function mergeProducts(merging: Merging, wanted: SideBySide[]): readonly (readonly number[])[] {
  const { nodes } = merging;
  const byVector = new Map<string, Node[]>();
  for (const node of nodes.all()) {
    const [term] = node.terms;
    if (node.kind !== 'product' || node.terms.length !== 1 || !term || term.transposed) continue;
    const key = [node.where, node.over.join(), term.vector, node.seed !== undefined, node.shape.join()].join(' ');
    byVector.set(key, [...(byVector.get(key) ?? []), node]);
  }
  const merged: number[][] = [];
  for (const group of byVector.values()) {
    const sorted = neighbours(merging, group, 'results');
    const places = sorted?.map((node) => node.seed ?? node.id);
    if (!sorted || !places || !stand(places, nodes, wanted)) continue;
    merged.push(sorted.map(({ id }) => id));
  }
  return merged;
}

/** Lookups of columns by one number in neighbouring tables. */
export function mergeLookups(
  { nodes, families, members }: Merging,
  wanted: SideBySide[],
): readonly (readonly number[])[] {
  const byNumber = new Map<string, Node[]>();
  for (const node of nodes.all()) {
    const table = node.value.op === 'gather' && !node.destination ? nodes.at(node.args[0] as number) : undefined;
    const member = table?.value.op === 'parameter' ? members.get(table.value.name) : undefined;
    if (!member || families[member.family]?.layout !== 'columns') continue;
    const key = [node.where, node.over.join(), node.args[1], member.family].join(' ');
    byNumber.set(key, [...(byNumber.get(key) ?? []), node]);
  }
  const merged: number[][] = [];
  const indexOf = (node: Node): number => {
    const { value } = nodes.at(node.args[0] as number);
    return (value.op === 'parameter' && members.get(value.name)?.index) || 0;
  };
  for (const group of byNumber.values()) {
    const sorted = [...group].sort((a, b) => indexOf(a) - indexOf(b));
    const places = sorted.map(({ id }) => id);
    const follow = sorted.every((node, place) => indexOf(node) === indexOf(sorted[0] as Node) + place);
    const whole = (sorted[0] as Node).shape.every((size) => size % 4 === 0);
    if (sorted.length < 2 || !follow || !whole || !stand(places, nodes, wanted)) continue;
    merged.push(places);
  }
  return merged;
}

/**
 * Lets a product be added to what it is summed with where that lies, if nothing else reads that: the hoisted share of
 * the input becomes the pre-activation without a pass of its own.
 */
export function addInPlace({ nodes, results }: Merging): void {
  const users = nodes.users();
  const taken = new Set<number>();
  for (const sum of nodes.all()) {
    if (!isSum(sum)) continue;
    const [left, right] = sum.args.map((id) => nodes.at(id)) as [Node, Node];
    for (const [product, other] of [
      [right, left],
      [left, right],
    ] as const) {
      const only = (node: Node) => users.get(node.id)?.length === 1 && !results.has(node.id);
      const fits = product.kind === 'product' && product.where === sum.where && product.seed === undefined;
      if (!fits || !only(product) || !only(other) || !isPlace(other, sum) || taken.has(other.id)) continue;
      taken.add(other.id);
      Object.assign(sum, { kind: 'product', terms: product.terms, args: product.args, seed: other.id });
      nodes.remove(product.id);
      break;
    }
  }
}

/** Whether a node's memory may become that of the sum: computed for all steps before the loop, or by another product. */
function isPlace(other: Node, sum: Node): boolean {
  const same = other.shape.join() === sum.shape.join() && !other.destination && other.seed === undefined;
  const outside = sum.where >= 0 && other.where < 0;
  const axes = outside ? [...sum.over, 'time'].join() : sum.over.join();
  const kinds = outside ? ['map', 'reduce', 'product', 'positions'] : ['product', 'positions'];
  return same && (outside || other.where === sum.where) && kinds.includes(other.kind) && other.over.join() === axes;
}

/** Asks that nodes stand side by side. Refused where one has no memory of its own, or was asked to stand elsewhere. */
function stand(places: SideBySide, nodes: Nodes, wanted: SideBySide[]): boolean {
  const asked = wanted.find((known) => known.some((id) => places.includes(id)));
  if (asked) return asked.join() === places.join();
  const distinct = new Set(places).size === places.length;
  const free = distinct && places.every((id) => !['leaf', 'alias', 'loop'].includes(nodes.at(id).kind));
  if (free) wanted.push(places);
  return free;
}

/** What stands behind an alias that is the whole of it. */
function rootOf(nodes: Nodes, id: number): number {
  const { value, kind } = nodes.at(id);
  if (value.op === 'stack' && kind === 'alias') return rootOf(nodes, value.args[0]);
  if (value.op === 'view' && kind === 'alias') return rootOf(nodes, value.args[0] as number);
  return id;
}

/** Gradients that are sums over rows of one kind, whose left factors stand side by side and whose parameters are neighbours. */
export function mergeGradients(
  { nodes, families, members }: Merging,
  parameterOf: ReadonlyMap<number, string>,
  wanted: readonly SideBySide[],
): readonly (readonly number[])[] {
  const groups = new Map<string, { readonly node: Node; readonly place: number }[]>();
  for (const [id, name] of parameterOf) {
    const node = nodes.at(id);
    const summed = summedOf(node);
    const member = members.get(name);
    if (!summed || !member) continue;
    const root = rootOf(nodes, summed.left);
    const list = wanted.findIndex((places) => places.includes(root));
    const whole = (families[member.family]?.shape[0] ?? 1) % 4 === 0;
    if (list < 0 || !whole) continue;
    const place = (wanted[list] as SideBySide).indexOf(root);
    const key = [node.value.op, summed.right, list, member.family, member.index - place].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), { node, place }]);
  }
  const merged: number[][] = [];
  for (const group of groups.values()) {
    group.sort((a, b) => a.place - b.place);
    const first = group[0]?.place ?? 0;
    const follow = group.every(({ place }, index) => place === first + index);
    if (group.length > 1 && follow) merged.push(group.map(({ node }) => node.id));
  }
  return merged;
}

/** What is summed over the rows: the factor whose units are the result's rows, and what all of a group share. */
function summedOf({
  value,
  phase,
  over,
  args,
  destination,
}: Node): { left: number; right: number | string } | undefined {
  const [first = 0, second = 0] = args;
  if (phase !== 'collected' || over.length > 0 || destination) return undefined;
  if (value.op === 'outer') return { left: first, right: second };
  if (value.op === 'sum' && value.along === 'axes' && args.length === 1) return { left: first, right: 'sum' };
  if (value.op === 'scatterAdd' && value.axis === 1) return { left: second, right: first };
  return undefined;
}
