// One kind of call of a network, compiled and loaded: what it computes, where its inputs go and where its results come from.
import {
  type Access,
  addGradients,
  type Family,
  isGiven,
  type Network,
  type NetworkGradients,
  type Node,
  type Schedule,
  schedule,
  sizeOf,
} from '@unrolled/equations';
import { BufferPlan } from './buffer-plan.ts';
import type { CompiledCall } from './call.ts';
import { isVectors } from './vectors.ts';

/** What a call computes. */
export interface CallKind {
  /** Whether the loss is computed. */
  readonly loss: boolean;
  /** Whether gradients are, and which ones the caller seeds. */
  readonly gradients?: { readonly output: boolean; readonly finals: boolean };
  /** Whether the gradients of inputs and states are read too. */
  readonly ofInputs?: boolean;
  /** Whether it computes a segment of its sequences: the gradients of states are read for the one before. */
  readonly segments?: boolean;
  /** Values that are traced. */
  readonly traced?: readonly string[];
}

/** A call's schedule and the values that the caller reads. */
export interface CallPlan {
  readonly network: Network;
  readonly gradients: NetworkGradients | undefined;
  readonly schedule: Schedule;
  readonly buffers: BufferPlan;
  /** Leaves that the caller fills. */
  readonly given: readonly { readonly node: Node; readonly access: Access }[];
  /** Random masks. */
  readonly masks: readonly Node[];
  /** Where a result is. */
  readonly resultOf: (id: number) => Access;
}

/**
 * Schedules a kind of call.
 * @param whole - the network; for a kind with `segments` as it is built for these.
 */
export function planCall(whole: Network, families: readonly Family[], kind: CallKind): CallPlan {
  // Each kind of gradient has a graph of its own, so that their adjoints do not mix.
  const network: Network = { ...whole, builder: whole.builder.fork(), loss: kind.loss ? whole.loss : undefined };
  const { builder, output, finals, loss, parameters, named } = network;
  const gradients = kind.gradients && addGradients(network, kind.gradients);
  const traced = kind.traced?.map((name) => named.get(name) as number);
  const ofInputs = gradients
    ? [
        ...(kind.ofInputs || kind.segments ? gradients.states : []),
        ...(kind.ofInputs ? gradients.inputs.map(({ id }) => id) : []),
      ]
    : [];
  const results = traced ?? [output, ...finals, loss, ...ofInputs].filter((id) => id !== undefined);
  const made = schedule(builder, families, {
    results: [...new Set(results)],
    gradients: new Map(
      parameters.flatMap(({ name }, i) => (gradients ? [[name, gradients.parameters[i] as number]] : [])),
    ),
  });
  const given = made.nodes
    .all()
    .filter(isGiven)
    .map((node) => ({ node, access: made.storage.access(node.id) }));
  const masks = made.nodes.all().filter(({ value }) => value.op === 'random');
  const resultOf = (id: number): Access => {
    const access = made.results.get(id);
    if (!access) throw new RangeError(`value ${id} is no result of this call`);
    return access;
  };
  return {
    network,
    gradients,
    schedule: made,
    buffers: new BufferPlan(made, featuresOf(given)),
    given,
    masks,
    resultOf,
  };
}

/** Numbers of an input vector; 0 where there is none. */
function featuresOf(given: CallPlan['given']): number {
  const vectors = given.find(({ node }) => isVectors(node));
  return vectors ? sizeOf(vectors.node.shape) : 0;
}

/** A plan that can run. */
export interface LoadedCall extends CallPlan {
  readonly kind: CallKind;
  readonly compiled: CompiledCall;
  /** Runs it in so many threads: all of the pool, or the caller's alone. */
  readonly run: (threads: number, header: number, flags: number) => void;
  /** Version of the weights that its matrices were packed from. */
  packedFrom: number;
}
