// Graphs of names: cycles and what is implied by the rest.
import { byCodeUnit } from '../source/workspace.ts';

/** From each node to those that it points to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Cycles met on one walk, each a path that ends where it began; none exactly when the graph has none. */
export function cycles(graph: Graph): string[][] {
  const done = new Set<string>();
  const found: string[][] = [];
  const path: string[] = [];
  const visit = (node: string): void => {
    const at = path.indexOf(node);
    if (at >= 0) found.push([...path.slice(at), node]);
    if (at >= 0 || done.has(node)) return;
    path.push(node);
    for (const next of [...(graph.get(node) ?? [])].sort(byCodeUnit)) visit(next);
    path.pop();
    done.add(node);
  };
  for (const node of [...graph.keys()].sort(byCodeUnit)) visit(node);
  return found;
}

/** The graph without the edges that a longer path implies. The graph must have no cycle. */
export function reduced(graph: Graph): Graph {
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const next of graph.get(from) ?? []) if (!seen.has(next)) reach(next, seen.add(next));
    return seen;
  };
  const keep = (targets: ReadonlySet<string>): Set<string> => {
    const implied = new Set([...targets].flatMap((target) => [...reach(target)]));
    return new Set([...targets].filter((target) => !implied.has(target)));
  };
  return new Map([...graph].map(([node, targets]) => [node, keep(targets)]));
}
