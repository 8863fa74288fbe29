// Moves what a sum can do without the loop out of it: (Wx @ x[t] + Wh @ h[t-1]) + b becomes (Wx @ x[t] + b) + Wh @ h[t-1],
// whose first half is one sum over all steps. The result differs by rounding alone.
import { type Axis, argumentsOf, type Computed, type Graph, type Scan, type Value } from '@unrolled/equations';

type Sum = Computed & { readonly op: 'add' };

/** The same graph with longer sums in loops split so; values keep their numbers, new ones come after all others. */
export function hoistSums(graph: Graph, needed: ReadonlySet<number>): Graph {
  const values = [...graph.values];
  const uses = countUses(graph, needed);
  const scans = graph.scans.map((scan): Scan => ({ ...scan, body: splitSums(values, uses, scan.body) }));
  return { values, scans };
}

/** How often each value is used by those that are needed. */
function countUses({ values, scans }: Graph, needed: ReadonlySet<number>): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  const count = (id: number) => uses.set(id, (uses.get(id) ?? 0) + 1);
  for (const value of values) if (needed.has(value.id)) argumentsOf(value).forEach(count);
  for (const { carries } of scans) for (const { next } of carries) count(next);
  return uses;
}

/** Replaces the sums of a body, last first, and gives the body's new order. */
function splitSums(values: Value[], uses: ReadonlyMap<number, number>, body: readonly number[]): readonly number[] {
  const inner = new Set<number>();
  const reordered: number[] = [];
  for (const id of [...body].reverse()) {
    if (inner.has(id)) continue;
    reordered.unshift(id);
    const sum = values[id] as Value;
    if (!isSum(sum)) continue;
    const { terms, sums } = termsOf(values, uses, sum);
    const [outside, inside] = [
      terms.filter((term) => !isInside(values, term)),
      terms.filter((term) => isInside(values, term)),
    ];
    if (outside.length < 2) continue;
    for (const each of sums) inner.add(each);
    reordered.unshift(...resum(values, id, outside, inside, sums));
  }
  return reordered;
}

function isSum(value: Value): value is Sum {
  return value.op === 'add';
}

function isInside(values: readonly Value[], id: number): boolean {
  return (values[id] as Value).scope >= 0;
}

/** What a sum adds up, and the sums inside it that nothing else uses. */
function termsOf(
  values: readonly Value[],
  uses: ReadonlyMap<number, number>,
  { args, scope }: Sum,
): { readonly terms: readonly number[]; readonly sums: readonly number[] } {
  const parts = args.map((id) => {
    const value = values[id] as Value;
    if (!isSum(value) || value.scope !== scope || uses.get(id) !== 1) return { terms: [id], sums: [] };
    const { terms, sums } = termsOf(values, uses, value);
    return { terms, sums: [...sums, id] };
  });
  return { terms: parts.flatMap(({ terms }) => terms), sums: parts.flatMap(({ sums }) => sums) };
}

/** Makes value `id` the sum of all terms, those from outside added outside; gives the sums of the others, in order. */
function resum(
  values: Value[],
  id: number,
  outside: readonly number[],
  inside: readonly number[],
  spare: readonly number[],
): readonly number[] {
  const sumOf = (number: number, a: number, b: number): number => {
    values[number] = addition(values, number, a, b);
    return number;
  };
  const before = outside.reduce((sum, term) => sumOf(values.length, sum, term));
  const used = spare.slice(0, inside.length - 1);
  const within = inside.reduce((sum, term, i) => sumOf(used[i - 1] as number, sum, term));
  sumOf(id, before, within);
  return used;
}

function addition(values: readonly Value[], id: number, left: number, right: number): Sum {
  const [a, b] = [values[left] as Value, values[right] as Value];
  const order: readonly Axis[] = ['batch', 'time', 'time*'];
  const scope = Math.max(a.scope, b.scope);
  const over = order.filter((axis) => [...a.over, ...b.over].includes(axis) && !(scope >= 0 && axis === 'time'));
  const shape = a.shape.length >= b.shape.length ? a.shape : b.shape;
  return { id, op: 'add', args: [left, right], shape, over, scope };
}
