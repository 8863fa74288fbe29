// Where the buffers of a call are for a batch's layout: those that last one behind the other, those of a thread shared in turn.
import type { Buffer, Schedule } from '@unrolled/equations';
import type { Extents } from './batch-layout.ts';
import { header, STEP_BYTES, shard } from './header.ts';

/** Buffers of a thread's own that never live at the same time have one place. */
interface Slot {
  readonly extent: Exclude<Buffer['extent'], 'once'>;
  width: number;
  last: number;
  readonly buffers: Buffer[];
}

/** Addresses of a call. */
export interface Placement {
  /** Where the header is. */
  readonly header: number;
  /** Address of each lasting buffer, by its number; of others from the beginning of a thread's own memory. */
  readonly addresses: readonly number[];
  readonly threads: number;
  readonly threadBytes: number;
  readonly shardTable: number;
  readonly stepTables: readonly number[];
  readonly examples: number;
  readonly starts: number;
  /** The batch's number of each row, and the input vectors as they were given. */
  readonly order: number;
  readonly vectors: number;
  /** The end of all. */
  readonly end: number;
}

/** Plans the buffers of one schedule. */
export class BufferPlan {
  readonly #features: number;
  readonly #buffers: readonly Buffer[];
  readonly #lasting: readonly Buffer[];
  readonly #slots: readonly Slot[];

  /** @param features - numbers of an input vector; 0 where the input is no vectors or is not read. */
  constructor({ buffers }: Schedule, features: number) {
    this.#features = features;
    this.#buffers = buffers;
    const used = buffers.filter(({ extent, last, first }) => extent !== 'once' && first <= last);
    this.#lasting = used.filter(({ lasting }) => lasting);
    this.#slots = slotsOf(used.filter(({ lasting }) => !lasting));
  }

  /** Bytes of numbers that a call keeps for its rows, with so many threads. */
  activationBytes(layout: Extents, threads: number): number {
    const lasting = this.#lasting.reduce((sum, { extent, width }) => sum + sizeIn(layout, extent) * width, 0);
    return 4 * lasting + threads * this.#threadBytes(layout);
  }

  /** Places everything from an address on. */
  place(layout: Extents, threads: number, from: number): Placement {
    let next = align(from);
    const take = (bytes: number): number => {
      const address = next;
      next = align(next + bytes);
      return address;
    };
    const at = take(header.buffers + 4 * this.#buffers.length);
    const shardTable = take(shard.bytes * layout.shards.length);
    const stepTables = layout.shards.map(({ steps }) => take(STEP_BYTES * steps));
    const [examples, starts, order] = [take(4 * layout.rows), take(4 * layout.rows), take(4 * layout.rows)];
    const vectors = take(4 * this.#features * layout.steps * layout.rows);
    const addresses = new Array<number>(this.#buffers.length).fill(0);
    for (const { id, extent, width } of this.#lasting) addresses[id] = take(4 * width * sizeIn(layout, extent) + 16);
    let own = 0;
    for (const { extent, width, buffers } of this.#slots) {
      for (const { id } of buffers) addresses[id] = own;
      own = align(own + 4 * width * largestIn(layout, extent) + 16);
    }
    const first = take(own * threads);
    const tables = { header: at, shardTable, stepTables, examples, starts, order, vectors };
    return { ...tables, addresses, threads: first, threadBytes: own, end: next };
  }

  #threadBytes(layout: Extents): number {
    return this.#slots.reduce((sum, { extent, width }) => sum + 4 * width * largestIn(layout, extent), 0);
  }
}

function align(address: number): number {
  return Math.ceil(address / 64) * 64;
}

/** Rows that a buffer of an extent has for the whole batch. */
function sizeIn(layout: Extents, extent: Buffer['extent']): number {
  return { once: 1, rows: layout.rows, steps: layout.positions, pairs: layout.pairs }[extent];
}

/** Rows that it has for the largest shard. */
function largestIn({ shards }: Extents, extent: Slot['extent']): number {
  const sizes = shards.map(({ rowCount, positionCount, steps }) => {
    return { rows: rowCount, steps: positionCount, pairs: steps * positionCount }[extent];
  });
  return Math.max(0, ...sizes);
}

/** First come, first served; a buffer of the same width is taken before a narrower one is widened. */
function slotsOf(buffers: readonly Buffer[]): Slot[] {
  const slots: Slot[] = [];
  for (const buffer of [...buffers].sort((a, b) => a.first - b.first)) {
    const { extent, width, first, last } = buffer;
    if (extent === 'once') continue;
    const free = slots.filter((slot) => slot.extent === extent && slot.last < first);
    const slot = free.find((each) => each.width === width) ?? free.sort((a, b) => b.width - a.width)[0];
    if (slot) {
      slot.width = Math.max(slot.width, width);
      slot.last = last;
      slot.buffers.push(buffer);
    } else slots.push({ extent, width, last, buffers: [buffer] });
  }
  return slots;
}
