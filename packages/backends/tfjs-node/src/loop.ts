// A loop that a fused kernel runs: what it reads and what it gives, by the numbers of values in the graph.
import type { Graph, Scan, Value } from '@unrolled/equations';
import { type Affine, affineOf } from './affine.ts';
import type { Kernel } from './kernel.ts';

/** A gate with its matrices in the order of the loop's inputs. */
export interface Gate {
  readonly inputs: readonly number[];
  readonly recurrent: number;
  readonly biases: readonly number[];
}

/** A loop that has the structure of a cell with a kernel. */
export interface FusedLoop {
  readonly scan: Scan;
  readonly kernel: Kernel;
  /** Values over the steps: vectors or class numbers. */
  readonly inputs: readonly number[];
  /** In the order of the kernel. */
  readonly gates: readonly Gate[];
  /** Numbers of the scan's carries in the order of the kernel's states. */
  readonly states: readonly number[];
}

/** Finds operands of a loop's values. */
export class Reader {
  readonly graph: Graph;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  value(id: number): Value {
    return this.graph.values[id] as Value;
  }

  /** The operands of an operation, else none. */
  operands(id: number, op: Value['op']): readonly number[] {
    const value = this.value(id);
    return value.op === op && 'args' in value ? value.args : [];
  }

  /** The two operands of an operation in either order; none where it is another operation. */
  pairs(id: number, op: 'add' | 'multiply'): readonly (readonly [number, number])[] {
    const [a, b] = this.operands(id, op);
    if (a === undefined || b === undefined) return [];
    return [
      [a, b],
      [b, a],
    ];
  }

  /** What a function is of: σ or tanh of a gate that reads `vector`. */
  gate(id: number, op: 'sigmoid' | 'tanh', vector: number): Affine | undefined {
    const [sum] = this.operands(id, op);
    return sum === undefined ? undefined : affineOf(this.graph, sum, vector);
  }
}

/** The gates of a loop in order, and what all of them read; undefined where they do not read the same. */
export function gatesOf(affines: readonly Affine[]): Pick<FusedLoop, 'inputs' | 'gates'> | undefined {
  const inputs = [...(affines[0] as Affine).inputs.keys()].sort((a, b) => a - b);
  if (inputs.length === 0) return undefined;
  const gates: Gate[] = [];
  for (const { inputs: own, recurrent, biases } of affines) {
    const matrices = inputs.flatMap((input) => own.get(input) ?? []);
    if (own.size !== inputs.length || matrices.length !== inputs.length) return undefined;
    gates.push({ inputs: matrices, recurrent, biases });
  }
  return { inputs, gates };
}
