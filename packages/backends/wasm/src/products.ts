// Products of the rows with matrices that are the same for all: packed once, then one GEMM for a run of rows.
import type { Access, Node, Term } from '@unrolled/equations';
import { I32, packedBytes } from '@unrolled/wasm';
import type { Frame, Run } from './frame.ts';
import type { KernelContext } from './kernels.ts';
import { addressOf, type Operand, Operands } from './operands.ts';

/** A matrix as a product reads it. */
export interface Packed {
  /** Where the matrix itself is, and bytes between its rows. */
  readonly from: number;
  readonly stride: number;
  /** Where it is packed. */
  readonly to: number;
  /** Terms of a sum, and number of sums. */
  readonly depth: number;
  readonly columns: number;
  /** Whether the matrix has a row for each sum. */
  readonly transposed: boolean;
}

/** The matrices of a call's products, each packed once. */
export class PackedMatrices {
  readonly all: Packed[] = [];
  readonly #allocate: (bytes: number) => number;

  constructor(allocate: (bytes: number) => number) {
    this.#allocate = allocate;
  }

  /** The packed form of a matrix; shared by products that read it in the same way. */
  of(matrix: Omit<Packed, 'to'>): Packed {
    const same = (each: Packed) =>
      each.from === matrix.from &&
      each.depth === matrix.depth &&
      each.columns === matrix.columns &&
      each.transposed === matrix.transposed;
    const known = this.all.find(same);
    if (known) return known;
    const packed = { ...matrix, to: this.#allocate(packedBytes(matrix.depth, matrix.columns)) };
    this.all.push(packed);
    return packed;
  }
}

/** What a product needs besides. */
export interface ProductContext extends KernelContext {
  readonly packed: PackedMatrices;
  readonly gemmScratch: I32;
}

/** A product over a run of rows: of several nodes side by side, or of several terms one behind the other. */
export function emitProduct(
  context: ProductContext,
  nodes: readonly Node[],
): { readonly accesses: readonly Access[]; readonly kernelRun: (frame: Frame, run: Run) => void } {
  const { storage, nodes: all } = context.schedule;
  const [first] = nodes as [Node];
  const [term] = first.terms as [Term];
  const [rows = 1, columns = 1] = all.at(term.matrix).shape;
  const count = Math.max(nodes.length, first.terms.length);
  const size = term.transposed
    ? { depth: rows * first.terms.length, columns }
    : { depth: columns, columns: rows * count };
  const from = context.fixed.ofHome(storage.access(term.matrix));
  const packed = context.packed.of({ from, stride: 4 * columns, transposed: !term.transposed, ...size });
  const [out, vector] = [storage.access(first.id), storage.access(term.vector)];
  const operands = new Operands(context.fixed);
  const [to, a] = [operands.of(out), operands.of(vector)];
  const address = (operand: Operand, frame: Frame, run: Run): I32 => {
    if (operand.kind !== 'pointer') return I32.const(addressOf(operand, {}, context.fixed).offset);
    const pointer = operands.pointers.get(operand.pointer);
    if (!pointer) throw new RangeError('a product reads an unknown buffer');
    return frame.pointer(pointer, run).add(operand.offset);
  };
  const kernelRun = (frame: Frame, run: Run): void => {
    frame.f.run(
      context.gemm.packedProduct({
        a: address(a, frame, run),
        aStride: a.kind === 'pointer' ? a.stride : 0,
        packed: packed.to,
        c: address(to, frame, run),
        cStride: to.kind === 'pointer' ? to.stride : 0,
        rows: run.count,
        columns: size.columns,
        depth: size.depth,
        accumulate: first.seed === undefined ? 0 : 1,
        scratch: context.gemmScratch,
      }),
    );
  };
  return { accesses: [out, vector], kernelRun };
}
