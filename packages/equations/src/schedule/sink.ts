// Moves elementwise values into the loop that alone reads them: computed at the step, they need no memory of their own.
import { loopOf, type Node, type Nodes } from './nodes.ts';

/** Values over all steps, such as 1 − tanh² in the backward pass, that one loop reads elementwise. */
export function sink(nodes: Nodes, results: ReadonlySet<number>): void {
  const users = nodes.users();
  for (const node of nodes.all().reverse()) {
    const loop = onlyReader(node, users.get(node.id) ?? []);
    if (loop === undefined || results.has(node.id) || !sinks(node)) continue;
    node.where = loop;
    node.over = node.over.filter((axis) => axis !== 'time');
  }
}

function sinks({ kind, where, phase, over }: Node): boolean {
  return kind === 'map' && where < 0 && phase === 'row' && over.join() === 'batch,time';
}

/** The loop whose fused values alone read the node. */
function onlyReader(node: Node, users: readonly Node[]): number | undefined {
  const [first] = users;
  if (!first || first.where < 0) return undefined;
  const fits = users.every((user) => user.where === first.where && (user.kind === 'map' || user.kind === 'reduce'));
  return fits && first.where !== loopOf(node) ? first.where : undefined;
}
