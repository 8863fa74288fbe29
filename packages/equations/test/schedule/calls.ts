// Schedules of whole networks for tests: a training step, or a forward call.
import type { NetworkDescription } from '@unrolled/core';
import {
  type Access,
  addGradients,
  buildNetwork,
  familiesOf,
  type Item,
  type Network,
  type Node,
  printSchedule,
  type Schedule,
  schedule,
} from '../../src/index.ts';

/** A network's schedule and how it prints. */
export interface Scheduled {
  readonly network: Network;
  readonly schedule: Schedule;
  readonly text: string;
  /** Lines of the text without indentation. */
  readonly lines: readonly string[];
}

/** Output, final states, loss and gradients of all parameters, as a training step computes them. */
export function trainingStep(description: NetworkDescription): Scheduled {
  const network = buildNetwork(description);
  const { builder, parameters, output, finals, loss } = network;
  const families = familiesOf(builder, parameters);
  const gradients = addGradients(network, { output: false, finals: false });
  const made = schedule(builder, families, {
    results: [output, ...finals, ...(loss === undefined ? [] : [loss])],
    gradients: new Map(parameters.map(({ name }, i) => [name, gradients.parameters[i] as number] as const)),
  });
  return scheduled(network, made);
}

/** Output and final states alone. */
export function forwardCall(description: NetworkDescription): Scheduled {
  const network = buildNetwork(description);
  const { builder, parameters, output, finals } = network;
  const results = [...new Set([output, ...finals])];
  return scheduled(network, schedule(builder, familiesOf(builder, parameters), { results, gradients: new Map() }));
}

function scheduled(network: Network, made: Schedule): Scheduled {
  const text = printSchedule(made);
  return { network, schedule: made, text, lines: text.split('\n').map((line) => line.trim()) };
}

/** All pieces of work in the order they run, those of loops in their place. */
export function piecesOf({ phases }: Schedule): Item[] {
  const flat = (items: readonly Item[]): Item[] => items.flatMap((item) => [item, ...flat(item.body)]);
  return flat(Object.values(phases).flat());
}

/** Where a node is written. */
export function writtenBy({ storage }: Schedule, node: Node): Access | undefined {
  if (node.destination) return storage.destination(node);
  return storage.isStored(node) ? storage.access(node.id) : undefined;
}

/** Numbers that are kept for each step of each sequence. */
export function numbersPerStep({ buffers }: Schedule): number {
  return buffers
    .filter(({ extent, first, last }) => extent === 'steps' && first <= last)
    .reduce((sum, { width }) => sum + width, 0);
}
