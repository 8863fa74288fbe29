// What of a graph is computed for some results, and how: made once, run for every batch.
import { argumentsOf, type Graph } from '@unrolled/equations';
import { takeLastSteps } from './last-steps.ts';
import type { FindWhole, ScanProgram } from './loops.ts';
import { packBody } from './packs.ts';
import { hoistSums } from './sums.ts';

/** A graph ready to be run for some results. */
export interface Program {
  /** What it computes from. */
  readonly graph: Graph;
  /** The values that are asked for. */
  readonly results: readonly number[];
  /** By a scan's number; only those that the results need. */
  readonly scans: ReadonlyMap<number, ScanProgram>;
}

/** Plans `graph` for `results`, all outside of loops: what they do not need is not computed. */
export function programOf(given: Graph, results: readonly number[], findWhole?: FindWhole): Program {
  const direct = takeLastSteps(given);
  const graph = hoistSums(direct, reachable(direct, results));
  const needed = reachable(graph, results);
  const scans = new Map<number, ScanProgram>();
  graph.scans.forEach((scan, number) => {
    if (!scan.carries.some(({ leaf }) => needed.has(leaf))) return;
    const body = scan.body.filter((id) => needed.has(id) && graph.values[id]?.op !== 'carry');
    const stacked = graph.values.flatMap((value) =>
      value.op === 'stack' && value.scan === number && needed.has(value.id) ? [value.args[0]] : [],
    );
    scans.set(number, {
      scan,
      stacked,
      whole: findWhole?.(graph, { ...scan, body }, stacked),
      ...packBody(graph, body, [...stacked, ...scan.carries.map(({ next }) => next)]),
    });
  });
  return { graph, results, scans };
}

/** Everything that the results depend on. A loop that runs at all needs all its carries. */
function reachable(graph: Graph, results: readonly number[]): ReadonlySet<number> {
  const needed = new Set<number>();
  const pending = [...results];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const value = graph.values[id];
    if (needed.has(id) || !value) continue;
    needed.add(id);
    pending.push(...argumentsOf(value));
    if (value.op === 'stack' || value.op === 'final' || value.op === 'carry')
      pending.push(...(graph.scans[value.scan]?.carries ?? []).flatMap(({ init, leaf, next }) => [init, leaf, next]));
  }
  return needed;
}
