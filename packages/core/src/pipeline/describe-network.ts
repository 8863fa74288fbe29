// A resolved pipeline as a network description: the equations of every piece, joined.
import type { InputDescription, NetworkDescription } from '../contracts/network.ts';
import { UnrolledError } from '../errors.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import type { Objective } from './objective.ts';

/**
 * The network that learns `objective` from `input`.
 * @throws UnrolledError `NOT_AVAILABLE` for a task that answers at each step.
 */
export function describeNetwork(
  resolved: ResolvedPipeline,
  input: InputDescription,
  { loss, target }: Objective,
): NetworkDescription {
  const { task, optimizer, layers } = resolved;
  if (task.plugin.answers !== 'once')
    throw new UnrolledError(
      'NOT_AVAILABLE',
      `task "${task.plugin.name}" answers at each step; learning labels of single steps in a pipeline is not available yet.`,
      { mend: 'Take a task that answers once, such as "many-to-one", or use the executable of a backend directly.' },
    );
  return {
    language: 1,
    input,
    layers: layers.map(({ plugin, options, direction, dropout }) => ({
      module: plugin.module(options),
      direction,
      dropout,
    })),
    output: task.plugin.module(task.options, target.size),
    loss: loss.plugin.module(loss.options),
    target,
    ...(optimizer && { optimizer: optimizer.plugin.module(optimizer.options), clip: optimizer.clip }),
  };
}

/** The same network for prediction alone: without what only training needs. The loss stays, since evaluation measures it. */
export function withoutTraining({ optimizer, clip, ...network }: NetworkDescription): NetworkDescription {
  return network;
}
