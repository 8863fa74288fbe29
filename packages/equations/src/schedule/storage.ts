// Decides where the numbers of each node are: which share a buffer, and which overwrite what nobody reads any more.
import { type Shape, sizeOf } from '../ir.ts';
import { loopOf, type Node, type Nodes } from './nodes.ts';
import type { Item } from './order.ts';
import type { SideBySide } from './products.ts';

/** What a buffer has a row of: nothing, each sequence, each step of each, each pair of steps of each. */
export type Extent = 'once' | 'rows' | 'steps' | 'pairs';

/** Memory that the plan gives out. */
export interface Buffer {
  /** Its place among all. */
  readonly id: number;
  /** What it has a row of. */
  readonly extent: Extent;
  /** Numbers of a row. */
  readonly width: number;
  /** Whether it is read after all rows are done, or by the caller. */
  lasting: boolean;
  /** First item of the rows' phase that uses it; −1 where it is given. */
  first: number;
  /** Last item that uses it; −1 where none does. */
  last: number;
}

/** Where the numbers of a node begin in each row: in a buffer, or in the memory of a parameter or its gradient. */
export type Home =
  | { readonly in: 'buffer'; readonly buffer: Buffer; readonly column: number }
  | { readonly in: 'parameter' | 'gradient'; readonly name: string; readonly column: number }
  | { readonly in: 'constant'; readonly value: number };

/** How a row of a home is found: it is the only one, that of the sequence, of the step, of the second index, or of both. */
export type Indexing = 'none' | 'row' | 'time' | 'time*' | 'pair';

/** A node as another one reads or writes it. */
export interface Access {
  /** Where its numbers begin in a row. */
  readonly home: Home;
  /** How the row is found. */
  readonly index: Indexing;
  /** What one position holds. */
  readonly shape: Shape;
}

/** Numbers that a shape takes in a row: vectors are filled up to whole SIMD vectors. */
export function widthOf(shape: Shape): number {
  const size = sizeOf(shape);
  return size === 1 ? 1 : Math.ceil(size / 4) * 4;
}

/** Homes of all nodes of a schedule. */
export class Storage {
  /** All memory that was given out, by number. */
  readonly buffers: Buffer[] = [];
  readonly #nodes: Nodes;
  readonly #homes = new Map<number, Home>();
  readonly #stacks = new Map<number, Home>();
  readonly #stacked = new Set<number>();
  readonly #scratch = new Map<number, readonly [Home, Home]>();
  readonly #readers: ReadonlyMap<number, readonly Node[]>;
  /** Number of the item that computes a node. */
  readonly #itemOf = new Map<number, number>();
  readonly #kept: ReadonlySet<number>;
  /** The node that a place belongs to at last. */
  readonly #owners = new Map<string, number>();

  constructor(
    nodes: Nodes,
    given: {
      readonly items: readonly Item[];
      readonly wanted: readonly SideBySide[];
      readonly gradients: ReadonlyMap<number, string>;
      /** Values that must outlive the call. */
      readonly results: ReadonlySet<number>;
    },
  ) {
    this.#nodes = nodes;
    this.#readers = nodes.users();
    this.#kept = new Set([...given.results].map((id) => this.#rootOf(id)));
    for (const { value } of nodes.all()) if (value.op === 'stack') this.#stacked.add(this.#rootOf(value.args[0]));
    for (const [id, name] of given.gradients) this.#homes.set(id, { in: 'gradient', name, column: 0 });
    const flat = given.items.flatMap((item) => [item, ...item.body]);
    flat.forEach((item, number) => {
      for (const { id } of item.nodes) this.#itemOf.set(id, number);
    });
    this.#placeAll(flat, given.wanted);
  }

  /** Whether a fused node's numbers leave its registers. */
  isStored(node: Node): boolean {
    return this.#homes.has(node.id);
  }

  /** A node as one that is computed in `where` reads it. */
  access(id: number): Access {
    const node = this.#nodes.at(id);
    const { value, shape } = node;
    if (value.op === 'constant' && !node.destination)
      return { home: { in: 'constant', value: value.value }, index: 'none', shape };
    const { home, offset } = this.#find(id);
    const shifted = home.in !== 'constant' && offset > 0 ? { ...home, column: home.column + offset } : home;
    return { home: shifted, index: this.#indexOf(node), shape };
  }

  /** Memory that the first largest along a sequence axis is found with: the largest so far, and the step it was in. */
  scratch(node: Node): { readonly best: Access; readonly place: Access } | undefined {
    const homes = this.#scratch.get(node.id);
    const along = alongAxis(node);
    if (!homes || !along) return undefined;
    const index = this.#indexOf({ ...node, over: node.over.filter((axis) => axis !== along) });
    const [best, place] = homes.map((home): Access => ({ home, index, shape: node.shape })) as [Access, Access];
    return { best, place };
  }

  /** Where a copy to a carry or to its stack goes. */
  destination(node: Node): Access {
    const { destination, shape } = node;
    if (destination?.to === 'carry') return this.access(destination.leaf);
    if (destination?.to === 'stack') return { home: this.#stacks.get(destination.leaf) as Home, index: 'time', shape };
    return this.access(node.id);
  }

  /** Nodes whose numbers are those of another stand where that one's are, from an offset on. */
  #find(id: number): { home: Home; offset: number } {
    const node = this.#nodes.at(id);
    const { value } = node;
    if (node.kind === 'alias') {
      if (value.op === 'stack') {
        const inner = this.#nodes.at(value.args[0]);
        const stack = this.#stacks.get(inner.id);
        return stack ? { home: stack, offset: 0 } : this.#find(inner.id);
      }
      if (value.op === 'final') return this.#find(this.#nodes.scans[value.scan]?.carries[value.index]?.leaf as number);
      const found = this.#find((value as { args: readonly number[] }).args[0] as number);
      return value.op === 'slice' ? { home: found.home, offset: found.offset + value.from } : found;
    }
    const home = this.#homes.get(id);
    if (!home) throw new RangeError(`node ${id} (${value.op}) has no memory`);
    return { home, offset: 0 };
  }

  #indexOf(node: Node): Indexing {
    const second = node.over.includes('time*');
    const first = node.where < 0 ? node.over.includes('time') : this.#hasSteps(node);
    if (first && second) return 'pair';
    if (first) return 'time';
    if (second) return 'time*';
    return node.over.includes('batch') ? 'row' : 'none';
  }

  /** Whether a node of a loop's body has a place for each step: its stack is read, or it is added to what has. */
  #hasSteps(node: Node): boolean {
    if (isCarry(node)) return false;
    if (node.seed !== undefined) return this.#indexOf(this.#nodes.at(node.seed)) === 'time';
    return this.#stacked.has(this.#rootOf(node.id));
  }

  #rootOf(id: number): number {
    const { value, kind } = this.#nodes.at(id);
    if (kind !== 'alias' || value.op === 'final') return id;
    return this.#rootOf((value as { args: readonly number[] }).args[0] as number);
  }

  #placeAll(items: readonly Item[], wanted: readonly SideBySide[]): void {
    for (const node of this.#nodes.all()) if (node.kind === 'leaf' && node.value.op !== 'stack') this.#placeLeaf(node);
    const waiting = new Set(wanted);
    for (const item of items) {
      for (const places of waiting) {
        if (!places.every((id) => item.nodes.some((node) => node.id === id))) continue;
        waiting.delete(places);
        this.#placeSideBySide(places, item);
      }
      for (const places of waiting) {
        if (!places.some((id) => item.nodes.some((node) => node.id === id))) continue;
        waiting.delete(places);
        this.#newSideBySide(places);
      }
      for (const node of item.nodes) this.#place(node, item);
    }
  }

  #placeLeaf(node: Node): void {
    const { value, id } = node;
    if (value.op === 'constant') return;
    if (value.op === 'parameter') this.#homes.set(id, { in: 'parameter', name: value.name, column: 0 });
    else this.#homes.set(id, this.#newHome(node, extentOf(this.#indexOf(node))));
    if (value.op === 'carry' && this.#stacked.has(id)) this.#stacks.set(id, this.#newHome(node, 'steps'));
  }

  #place(node: Node, item: Item): void {
    if (node.kind === 'loop' || this.#homes.has(node.id)) return;
    this.#placeScratch(node);
    if (node.destination && node.destination.to !== 'result') return;
    if (node.seed !== undefined) {
      const home = this.#homes.get(node.seed) as Home;
      this.#give(node.id, home);
      return;
    }
    if (node.kind === 'map' && !this.#leaves(node, item)) return;
    const taken = node.kind === 'map' ? this.#dyingPlace(node, item) : undefined;
    this.#give(node.id, taken ?? this.#newHome(node, extentOf(this.#indexOf(node))));
  }

  #placeScratch(node: Node): void {
    const along = alongAxis(node);
    if (!along) return;
    const extent = extentOf(this.#indexOf({ ...node, over: node.over.filter((axis) => axis !== along) }));
    this.#scratch.set(node.id, [this.#newHome(node, extent), this.#newHome(node, extent)]);
  }

  /** Whether anything beyond its own loop over memory reads a node. */
  #leaves(node: Node, item: Item): boolean {
    if (this.#kept.has(node.id) || node.destination?.to === 'result') return true;
    return (
      (this.#readers.get(node.id) ?? []).some((reader) => this.#itemOf.get(reader.id) !== this.#numberOf(item)) ||
      this.#isCarried(node)
    );
  }

  /** A carry's new value from outside the loop, or a first value, is read by the loop itself. */
  #isCarried({ id }: Node): boolean {
    return this.#nodes.scans.some(({ carries }, scan) => {
      const runs = this.#nodes.all().some((node) => node.kind === 'loop' && loopOf(node) === scan);
      return runs && carries.some(({ init }) => init === id);
    });
  }

  /** Memory of what this node is computed from and that nobody reads afterwards. */
  #dyingPlace(node: Node, item: Item): Home | undefined {
    const index = this.#indexOf(node);
    for (const id of this.#sourcesOf(node, item)) {
      const home = this.#homes.get(id);
      const source = this.#nodes.at(id);
      if (home?.in !== 'buffer' || this.#owners.get(keyOf(home)) !== id || !this.#canOverwrite(source, node)) continue;
      const same = extentOf(index) === home.buffer.extent && widthOf(source.shape) === widthOf(node.shape);
      if (same && this.#diesIn(id, item)) return home;
    }
    return undefined;
  }

  /** Both stand at the same row, and neither a later step of the loop nor a later call reads it again. */
  #canOverwrite(source: Node, node: Node): boolean {
    const index = this.#indexOf(node);
    const again = node.where >= 0 && source.where !== node.where && index !== 'time' && index !== 'pair';
    // What is the same for all rows stays for calls with the same weights, which don't compute it again.
    const stays = source.phase === 'shared' && node.phase !== 'shared';
    return !again && !stays && this.#indexOf(source) === index;
  }

  /** Roots outside an item that a node is computed from. */
  #sourcesOf(node: Node, item: Item): number[] {
    const found = new Set<number>();
    const visit = (id: number): void => {
      const each = this.#nodes.at(id);
      if (this.#itemOf.get(id) === this.#numberOf(item) && each.kind === 'map') for (const arg of each.args) visit(arg);
      else if (each.kind !== 'leaf') found.add(this.#rootOf(id));
    };
    for (const arg of node.args) visit(arg);
    return [...found];
  }

  #numberOf({ nodes: [first] }: Item): number {
    return this.#itemOf.get((first as Node).id) as number;
  }

  /** Whether nothing that comes after an item reads a root, directly or by another name. */
  #diesIn(id: number, item: Item): boolean {
    if (this.#kept.has(id)) return false;
    return (this.#readers.get(id) ?? []).every((reader) =>
      reader.kind === 'alias'
        ? !this.#kept.has(reader.id) && this.#diesIn(reader.id, item)
        : (this.#itemOf.get(reader.id) ?? Infinity) <= this.#numberOf(item),
    );
  }

  /** Neighbours that one item computes may take a whole buffer that dies there. */
  #placeSideBySide(places: SideBySide, item: Item): void {
    const nodes = places.map((id) => this.#nodes.at(id));
    const index = this.#indexOf(nodes[0] as Node);
    const width = nodes.reduce((sum, { shape }) => sum + widthOf(shape), 0);
    const sources = new Set(nodes.flatMap((node) => (node.kind === 'map' ? this.#sourcesOf(node, item) : [])));
    for (const id of sources) {
      const home = this.#homes.get(id);
      if (home?.in !== 'buffer' || home.buffer.width !== width || home.buffer.extent !== extentOf(index)) continue;
      const owners = [...this.#owners]
        .filter(([key]) => key.startsWith(`${home.buffer.id} `))
        .map(([, owner]) => owner);
      const free = (owner: number) =>
        this.#canOverwrite(this.#nodes.at(owner), nodes[0] as Node) && this.#diesIn(owner, item);
      if (owners.every(free)) {
        this.#lay(nodes, home.buffer);
        return;
      }
    }
    this.#newSideBySide(places);
  }

  #newSideBySide(places: SideBySide): void {
    const nodes = places.map((id) => this.#nodes.at(id));
    const width = nodes.reduce((sum, { shape }) => sum + widthOf(shape), 0);
    this.#lay(nodes, this.#newBuffer(extentOf(this.#indexOf(nodes[0] as Node)), width));
  }

  #lay(nodes: readonly Node[], buffer: Buffer): void {
    let column = 0;
    for (const node of nodes) {
      this.#give(node.id, { in: 'buffer', buffer, column });
      column += widthOf(node.shape);
    }
  }

  #give(id: number, home: Home): void {
    this.#homes.set(id, home);
    if (home.in === 'buffer') this.#owners.set(keyOf(home), id);
  }

  #newHome({ shape }: Node, extent: Extent): Home {
    const width = extent === 'once' ? Math.ceil(sizeOf(shape) / 4) * 4 : widthOf(shape);
    return { in: 'buffer', buffer: this.#newBuffer(extent, width), column: 0 };
  }

  #newBuffer(extent: Extent, width: number): Buffer {
    const buffer: Buffer = { id: this.buffers.length, extent, width, lasting: false, first: Infinity, last: -1 };
    this.buffers.push(buffer);
    return buffer;
  }
}

function keyOf({ buffer, column }: { readonly buffer: Buffer; readonly column: number }): string {
  return `${buffer.id} ${column}`;
}

/** The sequence axis along which the first largest is sought. */
function alongAxis({ value, destination }: Node): 'time' | 'time*' | undefined {
  return !destination && value.op === 'firstLargest' && value.along !== 'units' ? value.along : undefined;
}

function isCarry({ value, destination }: Node): boolean {
  return value.op === 'carry' && !destination;
}

/** What a buffer has rows of, by how a row is found. */
function extentOf(index: Indexing): Extent {
  switch (index) {
    case 'none':
      return 'once';
    case 'row':
      return 'rows';
    case 'time':
    case 'time*':
      return 'steps';
    case 'pair':
      return 'pairs';
  }
}
