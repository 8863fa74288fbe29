// Finds matrix products in a scan's body that share their vector, so that one operation makes them all.
import type { Graph, Scan, Value } from '@unrolled/equations';

/** Members of the pack that a product belongs to, by product. */
export type Packs = ReadonlyMap<number, readonly number[]>;

/** Groups products of matrices from outside the loop with the same body vector. */
export function packProducts(graph: Graph, scan: Scan): Packs {
  const byVector = new Map<number, number[]>();
  for (const id of scan.body) {
    const value = graph.values[id] as Value;
    if (value.op !== 'matmul' || value.transposed) continue;
    const [matrix, vector] = value.args as [number, number];
    if ((graph.values[matrix] as Value).over.length > 0) continue;
    byVector.set(vector, [...(byVector.get(vector) ?? []), id]);
  }
  const packs = [...byVector.values()].filter((members) => members.length > 1);
  return new Map(packs.flatMap((members) => members.map((id) => [id, members] as const)));
}
