// Takes the last true step of a loop's state from what the loop carries, where it would be looked for among all steps:
// sum_s(where(s is the last, h[s], 0)) of a sequence that has steps is the loop's h after it. The same numbers.
import type { Graph, Value } from '@unrolled/equations';

type Chosen = Value & { readonly op: 'where' };

/** The same graph with such sums replaced; new values come after all others. */
export function takeLastSteps(graph: Graph): Graph {
  const values = [...graph.values];
  for (const value of graph.values) {
    const stack = value.op === 'where' ? lastOf(graph, value) : undefined;
    const final = stack && finalOf(graph, values, stack);
    if (value.op !== 'where' || final === undefined) continue;
    const [greater, than, , otherwise] = value.args as [number, number, number, number];
    values[value.id] = { ...value, args: [greater, than, final, otherwise] };
  }
  return { ...graph, values };
}

/** The stack whose last step this chooses for sequences that have steps: where(length > 0.5, sum(…), …). */
function lastOf({ values }: Graph, { args }: Chosen): (Value & { readonly op: 'stack' }) | undefined {
  const [length, least, sum] = args.map((id) => values[id]);
  if (length?.op !== 'length' || !isBetween(least, 0, 1)) return undefined;
  if (sum?.op !== 'sum' || sum.along !== 'axes' || sum.args.length !== 1 || sum.over.join() !== 'batch')
    return undefined;
  const marked = values[sum.args[0] as number];
  if (marked?.op !== 'where') return undefined;
  const [place, end, stack, zero] = marked.args.map((id) => values[id]);
  if (end?.op !== 'length' || zero?.op !== 'constant' || zero.value !== 0 || stack?.op !== 'stack') return undefined;
  const terms = place?.op === 'add' ? place.args.map((id) => values[id]) : [];
  const isLast = terms.some((term) => term?.op === 'position') && terms.some((term) => isBetween(term, 1, 2));
  return isLast ? stack : undefined;
}

/** Whether a value is a number in the open interval. */
function isBetween(value: Value | undefined, low: number, high: number): boolean {
  return value?.op === 'constant' && value.value > low && value.value < high;
}

/** The carry of a forward loop that holds the stacked value after the last step. */
function finalOf(graph: Graph, values: Value[], stack: Value & { readonly op: 'stack' }): number | undefined {
  const { carries, reverse } = graph.scans[stack.scan] ?? { carries: [], reverse: true };
  const index = carries.findIndex(({ next }) => next === stack.args[0]);
  if (reverse || index < 0) return undefined;
  const known = values.find((value) => value.op === 'final' && value.scan === stack.scan && value.index === index);
  if (known) return known.id;
  const id = values.length;
  values.push({ id, op: 'final', scan: stack.scan, index, shape: stack.shape, over: ['batch'], scope: -1 });
  return id;
}
