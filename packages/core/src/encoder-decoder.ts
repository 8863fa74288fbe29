// The parts of an encoder–decoder as networks of their own, to read a source once and then decode it step by step.
import type { EncoderDescription, EquationModule, NetworkDescription } from './contracts/network.ts';
import { UnrolledError } from './errors.ts';

/** A part of a network as a network of its own. */
export interface NetworkPart {
  /** What a backend compiles; it only predicts. */
  readonly network: NetworkDescription;
  /** The whole network's name of a parameter, or of a state, of the part. */
  readonly parameterOf: (name: string) => string;
}

/** Hands on what the last layer gives. */
const identity: EquationModule = {
  name: 'memory',
  equations: 'y[t] = h[t]',
  parameters: {},
  sizes: {},
  constants: {},
  shapes: {},
  initial: {},
  output: 'y',
};

/**
 * The encoder of an encoder–decoder: its input is the source, with `lengths` those of the source, and its output at each step
 * `[time, batch, size]` the memory, 0 at padding. Its parameter `layers.0.Wxh` is the whole network's `source.layers.0.Wxh`.
 * @throws UnrolledError `NETWORK_MISFIT` where the network has no encoder
 */
export function encoderOf(network: NetworkDescription): NetworkPart {
  const { input, layers } = encoderIn(network);
  return {
    // Without a loss nothing is compared with a target.
    network: { language: 1, input, layers, output: identity, target: { kind: 'values', size: 1, per: 'step' } },
    parameterOf: (name) => `source.${name}`,
  };
}

/**
 * One step of the decoder of an encoder–decoder: a forward call with the inputs `x` `[batch]` (ids) or `[batch, features]` and
 * `memory` `[time, batch, size]`, `lengths` those of the source, the state from before and `start` the steps taken so far; it
 * gives the logits `[batch, size]` and the state after the step. Parameters and states have the names of the whole network.
 * @param memorySize - size of the encoder's output.
 * @throws UnrolledError `NETWORK_MISFIT` where the network has no encoder
 */
export function decoderStepOf(network: NetworkDescription, memorySize: number): NetworkPart {
  const direction = encoderIn(network).layers.at(-1)?.direction ?? 'forward';
  const { loss: _, optimizer: __, clip: ___, ...rest } = network;
  return {
    network: { ...rest, source: { kind: 'memory', size: memorySize, direction } },
    parameterOf: (name) => name,
  };
}

function encoderIn({ source }: NetworkDescription): EncoderDescription {
  if (source?.kind === 'encoder') return source;
  throw new UnrolledError('NETWORK_MISFIT', 'The network has no encoder, so it has no parts to decode with.', {
    mend: "Give a network with source: { kind: 'encoder', … }.",
  });
}
