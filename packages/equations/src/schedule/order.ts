// Puts nodes in order: what can be computed together in one loop over memory becomes one item.
import { lengthOfMap, loopOf, type Node, type Nodes } from './nodes.ts';

/** What runs as one piece: fused elementwise nodes, a node by itself, products side by side, or a loop. */
export interface Item {
  /** In the order they are computed. */
  readonly nodes: readonly Node[];
  /** What a loop runs at each step. */
  readonly body: readonly Item[];
}

/** Orders the nodes of one place: outside loops those of one phase, or a loop's body. */
export class Ordering {
  readonly #nodes: Nodes;
  readonly #levels = new Map<number, number>();
  readonly #classes = new Map<number, string>();
  readonly #groups: ReadonlyMap<number, readonly number[]>;
  readonly #readers: ReadonlyMap<number, readonly Node[]>;

  /** @param groups - nodes that are computed side by side, each group by all its members. */
  constructor(nodes: Nodes, groups: readonly (readonly number[])[]) {
    this.#nodes = nodes;
    this.#groups = new Map(groups.flatMap((group) => group.map((id) => [id, group] as const)));
    this.#readers = nodes.users();
    for (const node of nodes.all()) this.#level(node);
    this.#delay();
    this.#together();
  }

  /** Items of nodes that belong to one place. */
  items(members: readonly Node[]): Item[] {
    const groups = new Map<string, Node[]>();
    for (const node of this.#sorted(members)) {
      if (node.kind === 'leaf' || node.kind === 'alias') continue;
      const key = this.#keyOf(node);
      groups.set(key, [...(groups.get(key) ?? []), node]);
    }
    const items = [...groups.values()].map((members): Item => {
      const [first] = members as [Node];
      const group = this.#groups.get(first.id)?.map((id) => this.#nodes.at(id)) ?? members;
      return { nodes: group, body: first.kind === 'loop' ? this.items(this.#nodes.inside(loopOf(first))) : [] };
    });
    const levelOf = ({ nodes: [first] }: Item) => this.#level(first as Node);
    return items.sort((a, b) => levelOf(a) - levelOf(b));
  }

  #keyOf(node: Node): string {
    if (isFused(node)) return `${this.#level(node)} ${this.#classOf(node)}`;
    const group = this.#groups.get(node.id);
    return group ? `group ${group[0]}` : `node ${node.id}`;
  }

  /** Arguments before what reads them; a level's fused nodes keep that order. */
  #sorted(members: readonly Node[]): Node[] {
    const inside = new Set(members.map(({ id }) => id));
    const done = new Set<number>();
    const order: Node[] = [];
    const visit = (node: Node): void => {
      if (done.has(node.id) || !inside.has(node.id)) return;
      done.add(node.id);
      for (const id of this.#nodes.reads(node)) visit(this.#nodes.at(id));
      order.push(node);
    };
    for (const node of members) visit(node);
    return order;
  }

  /** How many items must have run before; computed once for each node. */
  #level(node: Node): number {
    const known = this.#levels.get(node.id);
    if (known !== undefined) return known;
    const members = (this.#groups.get(node.id) ?? [node.id]).map((id) => this.#nodes.at(id));
    const level = Math.max(0, ...members.map((member) => this.#earliest(member)));
    for (const { id } of members) this.#levels.set(id, level);
    return level;
  }

  #earliest(node: Node): number {
    const needs = this.#needsOf(node).map((arg) => this.#after(arg, node));
    const { destination } = node;
    if (destination?.to !== 'carry') return Math.max(0, ...needs);
    // The new value may overwrite the old one only when all have read that.
    const readers = this.#readersOf(destination.leaf).filter((reader) => reader.destination === undefined);
    return Math.max(0, ...needs, ...readers.map((reader) => this.#after(reader, node)));
  }

  /** Asked for with every edge of the graph. */
  #classOf(node: Node): string {
    const known = this.#classes.get(node.id) ?? classOf(node, this.#nodes);
    this.#classes.set(node.id, known);
    return known;
  }

  #readersOf(id: number): Node[] {
    const readers = this.#readers.get(id) ?? [];
    return readers.flatMap((reader) => (reader.kind === 'alias' ? this.#readersOf(reader.id) : [reader]));
  }

  #needsOf(node: Node): Node[] {
    if (node.kind === 'alias' && (node.value.op === 'stack' || node.value.op === 'final'))
      return [this.#nodes.loop(node.value.scan)];
    const own = this.#nodes.reads(node).map((id) => this.#nodes.at(id));
    if (node.kind !== 'loop') return own;
    const inside = this.#nodes.inside(loopOf(node));
    const outer = inside.flatMap((each) => this.#nodes.reads(each).map((id) => this.#nodes.at(id)));
    return [...own, ...outer.filter(({ where }) => where < 0)];
  }

  /** The first level that can read a node. */
  #after(arg: Node, reader: Node): number {
    if (arg.kind === 'leaf' || arg.where !== reader.where || (arg.where < 0 && arg.phase !== reader.phase)) return 0;
    if (arg.kind === 'alias') return this.#level(arg);
    const together = isFused(reader) && arg.kind === 'map' && this.#classOf(arg) === this.#classOf(reader);
    return this.#level(arg) + (together ? 0 : 1);
  }

  /** Computes what is needed late as late as what needs it, so that it stays in a register. */
  #delay(): void {
    for (const node of this.#sorted(this.#nodes.all()).reverse()) {
      const readers = this.#readers.get(node.id) ?? [];
      if (node.kind !== 'map' || node.destination || readers.length === 0) continue;
      const own = this.#classOf(node);
      const fused = readers.every((reader) => isFused(reader) && this.#classOf(reader) === own);
      if (!fused || this.#readsCarry(node)) continue;
      this.#levels.set(node.id, Math.min(...readers.map((reader) => this.#level(reader))));
    }
  }

  /** A carry changes at the end of a step: who reads it must not wait beyond that. */
  #readsCarry(node: Node): boolean {
    return this.#nodes.reads(node).some((id) => {
      const arg = this.#nodes.at(id);
      return arg.value.op === 'carry' || (arg.kind === 'alias' && this.#readsCarry(arg));
    });
  }

  /** Carries of one loop and shape change at once, since one's new value may be another's old one; so do their stacks. */
  #together(): void {
    const last = new Map<string, number>();
    const copies = this.#nodes
      .all()
      .filter(({ destination }) => destination?.to === 'carry' || destination?.to === 'stack');
    for (const copy of copies) {
      const key = this.#classOf(copy);
      last.set(key, Math.max(last.get(key) ?? 0, this.#level(copy)));
    }
    for (const copy of copies) this.#levels.set(copy.id, last.get(this.#classOf(copy)) as number);
  }
}

function isFused({ kind }: Node): boolean {
  return kind === 'map' || kind === 'reduce';
}

/** Nodes of one class and level are fused. */
function classOf(node: Node, nodes: Nodes): string {
  const over = node.kind === 'reduce' ? nodes.at(node.args[0] as number).over : node.over;
  const axes = node.where >= 0 ? over.filter((axis) => axis !== 'time') : over;
  return `${node.where} ${node.phase} ${axes.join()} ${lengthOfMap(node, nodes)}`;
}
