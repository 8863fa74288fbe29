// Finds gradients whose sums can't go on from segment to segment: those summed over the steps of each sequence first.
import { argumentsOf, type Network, type Node } from '@unrolled/equations';
import type { CallPlan } from './plan.ts';

/**
 * A sentence about a parameter whose gradient is a sum over sequences of what was summed over each one's steps, such as
 * that of weights with a mask of each sequence's own; undefined where all sums are over steps and sequences at once.
 * @param network - without the gradients of the call.
 */
export function sumOfSequence(
  { schedule, network: { builder, parameters }, gradients }: CallPlan,
  network: Network,
): string | undefined {
  const { nodes } = schedule;
  const primals = network.builder.values.length;
  const sums = nodes.all().filter((node) => node.value.id >= primals && sumsSteps(node, (id) => nodes.at(id)));
  if (sums.length === 0) return undefined;
  const ids = new Set(sums.map(({ value }) => value.id));
  const reaches = (from: number): boolean => {
    const seen = new Set<number>();
    const pending = [from];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      if (ids.has(id)) return true;
      pending.push(...argumentsOf(builder.at(id)));
    }
    return false;
  };
  const found = parameters.find((_, i) => reaches(gradients?.parameters[i] as number));
  return `The gradient of "${found?.name}" is summed over the steps of each sequence before it is summed over the sequences.`;
}

/** Whether a node has one value for each sequence that comes from all its steps. */
function sumsSteps({ value, over, args, where }: Node, at: (id: number) => Node): boolean {
  if (where >= 0 || !over.includes('batch') || over.includes('time')) return false;
  if (!['sum', 'outer', 'scatterAdd'].includes(value.op)) return false;
  return args.some((id) => at(id).over.includes('time'));
}
