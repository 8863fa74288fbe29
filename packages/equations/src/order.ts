// What the interpreter computes at all, and when: before the rows, with each row, or after them.
import { argumentsOf, type Graph, type Scan, type Value } from './ir.ts';

/**
 * `shared`: once, before the rows. `row`: with each row. `collected`: summed over the rows as they go by. `after`: once,
 * from what was collected.
 */
export type Phase = 'shared' | 'row' | 'collected' | 'after';

/** The phase of each value. @throws RangeError where a row depends on a sum over rows */
export function phasesOf(graph: Graph): readonly Phase[] {
  const phases: Phase[] = [];
  for (const value of graph.values) {
    const before = argumentsOf(value).map((id) => phases[id]);
    const late = before.some((phase) => phase === 'collected' || phase === 'after');
    if (late && value.over.includes('batch')) throw new RangeError('a value of one row depends on a sum over rows');
    if (value.over.includes('batch')) phases.push('row');
    else if (late) phases.push('after');
    else phases.push(before.includes('row') ? 'collected' : 'shared');
  }
  return phases;
}

/** All values that `results` need. */
export function reachable(graph: Graph, results: readonly number[]): ReadonlySet<number> {
  const needed = new Set<number>();
  const pending = [...results];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    const value = graph.values[id] as Value;
    pending.push(...argumentsOf(value));
    if (value.op === 'stack' || value.op === 'final' || value.op === 'carry')
      pending.push(...scanNeeds(graph, value.scan));
  }
  return needed;
}

/** A scan that runs at all needs its carries. */
function scanNeeds(graph: Graph, number: number): number[] {
  const scan = graph.scans[number] as Scan;
  const node = graph.values.find((value) => value.op === 'scan' && value.scan === number);
  return [...scan.carries.flatMap(({ init, leaf, next }) => [init, leaf, next]), ...(node ? [node.id] : [])];
}
