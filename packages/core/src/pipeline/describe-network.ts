// A resolved pipeline as a network description: the equations of every piece, joined.
import type { LayerDescription, NetworkDescription } from '../contracts/network.ts';
import type { ChosenLayer, ResolvedPipeline } from '../resolved.ts';
import type { Objective } from './objective.ts';
import type { Encoders } from './prepare.ts';

/** The network that learns `objective` from what the encoders give. */
export function describeNetwork(
  resolved: ResolvedPipeline,
  { encoder, targetEncoder }: Encoders,
  { loss, target }: Objective,
): NetworkDescription {
  const { task, optimizer, layers, attention } = resolved;
  const { input } = targetEncoder ?? encoder;
  return {
    language: 1,
    input,
    ...(resolved.encoder && {
      source: { kind: 'encoder', input: encoder.input, layers: resolved.encoder.map(describeLayer) },
    }),
    layers: layers.map((layer) => {
      const described = describeLayer(layer);
      const begin = task.plugin.begin?.(task.options, described.module);
      return begin ? { ...described, begin } : described;
    }),
    ...(attention && { attention: attention.plugin.module(attention.options) }),
    output: task.plugin.module(task.options, target.size),
    loss: loss.plugin.module(loss.options),
    target,
    ...(optimizer && { optimizer: optimizer.plugin.module(optimizer.options), clip: optimizer.clip }),
  };
}

function describeLayer({ plugin, options, direction, dropout, residual }: ChosenLayer): LayerDescription {
  return { module: plugin.module(options), direction, dropout, ...(residual && { residual }) };
}

/** The same network for prediction alone: without what only training needs. The loss stays, since evaluation measures it. */
export function withoutTraining({ optimizer, clip, ...network }: NetworkDescription): NetworkDescription {
  return network;
}
