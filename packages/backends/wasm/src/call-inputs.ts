// Puts everything that a call reads into memory: header, inputs, targets, states, seeds.
import { type Batch, maskKey, type RandomKey, type State, type Tensor } from '@unrolled/core';
import { batchValues, type Seeds, seedInputs, sizeOf } from '@unrolled/equations';
import type { BatchLayout } from './batch-layout.ts';
import type { Placement } from './buffer-plan.ts';
import { header, STEP_BYTES, shard } from './header.ts';
import type { CallPlan } from './plan.ts';
import type { RowsInMemory } from './rows-in-memory.ts';
import { isVectors } from './vectors.ts';

/** What a call is given. */
export interface Given {
  readonly batch: Batch;
  readonly state: State;
  readonly key: RandomKey | undefined;
  readonly seeds: Seeds;
  /** How the batch lies in memory, where that does not follow from itself. */
  readonly layout?: BatchLayout;
  /** Memory that is kept free before what the call needs. */
  readonly reserved?: number;
  /** Whether the output is wanted as classes. */
  readonly output?: 'classes';
  /** Further leaves by name, a row for each sequence. */
  readonly leaves?: Readonly<Record<string, ArrayLike<number>>>;
}

/** Writes the header, the shards and the tables of steps. */
export function writeHeader(
  integers: Int32Array,
  layout: BatchLayout,
  placement: Placement,
  { batch, key, mayWait }: Pick<Given, 'batch' | 'key'> & { readonly mayWait: boolean },
): void {
  const at = placement.header / 4;
  const set = (offset: number, value: number): void => {
    integers[at + offset / 4] = value;
  };
  set(header.shards, layout.shards.length);
  set(header.rows, layout.rows);
  set(header.steps, layout.steps);
  set(header.group, layout.group);
  set(header.threadBytes, placement.threadBytes);
  set(header.threads, placement.threads);
  set(header.shardTable, placement.shardTable);
  set(header.mayWait, mayWait ? 1 : 0);
  set(header.draws, key ? 1 : 0);
  if (key) {
    const { low, high } = maskKey(key.seed);
    set(header.keyLow, low);
    set(header.keyHigh, high);
    set(header.update, key.update);
  }
  set(header.examples, placement.examples);
  set(header.starts, placement.starts);
  set(header.order, placement.order);
  set(header.vectors, placement.vectors);
  integers.set(layout.order, placement.order / 4);
  set(header.staleCount, 0);
  set(header.touchedCount, 0);
  for (const [buffer, address] of placement.addresses.entries()) set(header.buffers + 4 * buffer, address);
  layout.order.forEach((row, place) => {
    integers[placement.examples / 4 + place] = batch.exampleIndex[row] as number;
    integers[placement.starts / 4 + place] = batch.start[row] as number;
  });
  writeShards(integers, layout, placement);
}

function writeShards(integers: Int32Array, { shards }: BatchLayout, { shardTable, stepTables }: Placement): void {
  shards.forEach((each, number) => {
    const at = (shardTable + number * shard.bytes) / 4;
    const table = stepTables[number] as number;
    const words = { ...each, table };
    for (const name of ['rowBase', 'rowCount', 'positionBase', 'positionCount', 'steps', 'table', 'pairBase'] as const)
      integers[at + shard[name] / 4] = words[name];
    for (let step = 0; step < each.steps; step++) {
      const entry = (table + step * STEP_BYTES) / 4;
      integers[entry] = each.active[step] as number;
      integers[entry + 1] = each.first[step] as number;
    }
  });
}

/** Writes what the leaves of a plan stand for. */
export function writeInputs(
  rows: RowsInMemory,
  { given: leaves }: CallPlan,
  { batch, state, seeds, leaves: further = {} }: Given,
): void {
  for (const { node, access } of leaves) {
    const { value } = node;
    const size = sizeOf(node.shape);
    const steps = node.over.includes('time');
    switch (value.op) {
      case 'position':
        rows.writePositions(access);
        break;
      case 'length':
        rows.writeRows(access, batch.lengths, 1);
        break;
      case 'start':
        rows.writeRows(access, batch.start, 1);
        break;
      case 'state':
        rows.writeRows(access, (state[value.name] as Tensor).data, size);
        break;
      case 'input': {
        const kind = value.classes > 0 ? 'classes' : 'numbers';
        const source = further[value.name] ?? sourceOf(value.name, { batch, seeds }, size);
        if (isVectors(node)) rows.writeVectors(source, size);
        else if (steps) rows.writeSteps(access, source, size, kind);
        else rows.writeRows(access, source, size, kind);
        break;
      }
      default:
        throw new RangeError(`"${value.op}" is not given from outside`);
    }
  }
}

/** Numbers of what a batch brings and of seeds; a final state without a seed has zeros. */
function sourceOf(name: string, { batch, seeds }: Pick<Given, 'batch' | 'seeds'>, size: number): ArrayLike<number> {
  const given = batchValues(batch, name);
  if (given) return given;
  if (name === seedInputs.output) return seeds.output?.data ?? [];
  const [, tensor] = Object.entries(seeds.finals ?? {}).find(([state]) => seedInputs.final(state) === name) ?? [];
  return tensor?.data ?? new Float32Array(batch.size * size);
}
