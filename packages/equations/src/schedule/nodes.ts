// What a schedule is made of: the values of a graph that a call needs, as nodes that the passes may move and merge.
import { type Axis, argumentsOf, type Graph, type Scan, type Shape, sizeOf, type Value } from '../ir.ts';
import { type Phase, phasesOf, reachable } from '../order.ts';

/**
 * How a node is computed. `map`: elementwise, fused with others. `reduce`: over the units, at the end of a fused loop.
 * `alias`: nothing, since its numbers are those of another. `product`: a matrix that is the same for all rows, times a
 * vector. `positions`: any other primitive, one position after the other.
 */
export type Kind = 'leaf' | 'map' | 'reduce' | 'alias' | 'product' | 'positions' | 'loop';

/** One factor pair of a product. */
export interface Term {
  /** Node of the matrix, the same for all rows. */
  readonly matrix: number;
  /** Node of the vector. */
  readonly vector: number;
  /** Whether the matrix is transposed. */
  readonly transposed: boolean;
}

/** Where a copy goes besides being a value. */
export type Destination =
  | { readonly to: 'carry'; readonly leaf: number }
  | { readonly to: 'stack'; readonly leaf: number }
  | { readonly to: 'result' };

/** A value of the graph, or a copy that the schedule adds. */
export interface Node {
  /** Number of its value; of what the schedule adds one beyond those of the graph. */
  readonly id: number;
  /** The value it stands for; of a copy what is copied. */
  readonly value: Value;
  /** How it is computed; passes change it. */
  kind: Kind;
  /** Nodes that it reads. */
  args: number[];
  /** What one position holds. */
  readonly shape: Shape;
  /** Axes besides the step of the loop it is in. */
  over: readonly Axis[];
  /** The loop it is computed in, or −1. */
  where: number;
  /** When it is computed: before the rows, with each, summed over them, or after that. */
  readonly phase: Phase;
  /** Of a product: what is summed. */
  terms: readonly Term[];
  /** Of a product: the node to whose numbers the sum is added, in their place. */
  seed: number | undefined;
  /** Of a copy: where it goes. */
  readonly destination: Destination | undefined;
}

const mapped: ReadonlySet<string> = new Set([
  ...['exp', 'log', 'sqrt', 'abs', 'sin', 'cos', 'tanh', 'sigmoid', 'softplus', 'erf'],
  ...['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum', 'where', 'expand'],
]);

/** The nodes of one schedule, by id. */
export class Nodes {
  /** The graph that they stand for. */
  readonly graph: Graph;
  /** Its loops. */
  readonly scans: readonly Scan[];
  readonly #nodes = new Map<number, Node>();
  readonly #loops = new Map<number, number>();
  #next: number;

  /** @param results - values that must be there in the end. */
  constructor(graph: Graph, results: readonly number[]) {
    this.graph = graph;
    this.scans = graph.scans;
    this.#next = graph.values.length;
    const needed = reachable(graph, results);
    const phases = phasesOf(graph);
    for (const value of graph.values) if (needed.has(value.id)) this.#add(value, phases);
    for (const node of this.all()) if (node.kind === 'loop') this.#loops.set(loopOf(node), node.id);
    for (const node of this.all()) {
      if (node.value.op === 'stack' || node.value.op === 'final') node.args = [this.loop(node.value.scan).id];
    }
  }

  /** The node of an id. */
  at(id: number): Node {
    const node = this.#nodes.get(id);
    if (!node) throw new RangeError(`no node ${id} in this schedule`);
    return node;
  }

  /** In the order of their ids. */
  all(): Node[] {
    return [...this.#nodes.values()];
  }

  /** The node that runs a scan. */
  loop(scan: number): Node {
    return this.at(this.#loops.get(scan) as number);
  }

  /** Nodes computed inside a scan. */
  inside(scan: number): Node[] {
    return this.all().filter((node) => node.where === scan);
  }

  /** A new node like another, as a copy of it. */
  copy(source: Node, destination: Destination, where = source.where): Node {
    const over = where >= 0 ? source.over.filter((axis) => axis !== 'time') : source.over;
    // A sum over all rows is there only when all threads are done with it.
    const phase = source.phase === 'collected' ? 'after' : source.phase;
    const node: Node = {
      ...source,
      ...{
        id: this.#next++,
        kind: 'map',
        args: [source.id],
        terms: [],
        seed: undefined,
        where,
        over,
        destination,
        phase,
      },
    };
    this.#nodes.set(node.id, node);
    return node;
  }

  /** A new node of an elementwise sum. */
  sum(left: Node, right: Node, like: Node): Node {
    const value = { ...like.value, op: 'add', args: [left.id, right.id] } as Value;
    const node: Node = { ...like, id: this.#next++, value, kind: 'map', args: [left.id, right.id], terms: [] };
    this.#nodes.set(node.id, node);
    return node;
  }

  /** Forgets a node that another one has taken the work of. */
  remove(id: number): void {
    this.#nodes.delete(id);
  }

  /** The nodes that read each node. */
  users(): ReadonlyMap<number, readonly Node[]> {
    const users = new Map<number, Node[]>();
    for (const node of this.#nodes.values()) {
      for (const id of this.reads(node)) {
        const known = users.get(id);
        if (!known) users.set(id, [node]);
        else if (known.at(-1) !== node) known.push(node);
      }
    }
    return users;
  }

  /** Everything that a node reads: for a stack the loop's value itself, for a loop its carries too. */
  reads(node: Node): number[] {
    const { value } = node;
    if (node.destination) return node.args;
    if (value.op === 'stack') return [value.args[0]];
    if (value.op === 'final') return [];
    return node.seed === undefined ? node.args : [...node.args, node.seed];
  }

  #add(value: Value, phases: readonly Phase[]): void {
    const phase = phases[value.id] as Phase;
    const args = [...argumentsOf(value)];
    const over = value.over;
    const node: Node = {
      ...{ id: value.id, value, args, shape: value.shape, over, where: value.scope, phase },
      ...{ kind: 'leaf', terms: [], seed: undefined, destination: undefined },
    };
    node.kind = this.#kindOf(node);
    if (node.kind === 'product' && value.op === 'matmul') {
      const [matrix = 0, vector = 0] = args;
      node.terms = [{ matrix, vector, transposed: value.transposed }];
    }
    this.#nodes.set(value.id, node);
  }

  #kindOf({ value, args, phase }: Node): Kind {
    const { op } = value;
    if (op === 'scan') return 'loop';
    if (op === 'stack' || op === 'final' || op === 'slice') return 'alias';
    if (op === 'view') return value.rename || this.at(args[0] as number).kind !== 'map' ? 'alias' : 'map';
    if (!('args' in value)) return 'leaf';
    if (mapped.has(op)) return 'map';
    if ((op === 'sum' || op === 'largest') && value.along === 'units') return 'reduce';
    const shared = this.graph.values[args[0] as number]?.over.length === 0;
    return op === 'matmul' && shared && phase === 'row' ? 'product' : 'positions';
  }
}

/** The scan that a loop node runs. */
export function loopOf({ value }: Node): number {
  return value.op === 'scan' ? value.scan : -1;
}

/** Numbers at one position that a fused loop goes through: those of what is reduced. */
export function lengthOfMap(node: Node, nodes: Nodes): number {
  return sizeOf(node.kind === 'reduce' ? nodes.at(node.args[0] as number).shape : node.shape);
}
