// How a kernel reaches its operands: numbers in the code, fixed addresses, or pointers that move from row to row.
import type { Access, Buffer, Indexing } from '@unrolled/equations';
import { F32x4, type FunctionBuilder, I32, type Variable } from '@unrolled/wasm';

/** A buffer's rows that a kernel goes through, as one pointer of it. */
export interface Pointer {
  readonly buffer: Buffer;
  readonly index: Indexing;
  /** Bytes from row to row. */
  readonly stride: number;
}

/** Where an operand is. */
export type Operand =
  | { readonly kind: 'constant'; readonly value: number; readonly access: Access }
  | { readonly kind: 'fixed'; readonly address: number }
  | { readonly kind: 'pointer'; readonly pointer: string; readonly offset: number; readonly stride: number };

/** Addresses of what does not move. */
export interface FixedAddresses {
  /** Of a constant it is memory that holds it. */
  readonly ofHome: (access: Access) => number;
}

/** The pointers of one kernel, collected from what it reads and writes. */
export class Operands {
  readonly pointers = new Map<string, Pointer>();
  /** Fixed addresses that the kernel is called with; they don't move from row to row. */
  readonly addresses = new Map<string, number>();
  readonly #fixed: FixedAddresses;
  readonly #given: boolean;

  /** @param given - whether fixed addresses are parameters too, so that the kernel serves others of its form. */
  constructor(fixed: FixedAddresses, given = false) {
    this.#fixed = fixed;
    this.#given = given;
  }

  /** The operand of an access; a new pointer where none goes there yet. */
  of(access: Access): Operand {
    const { home, index } = access;
    if (home.in === 'constant') return { kind: 'constant', value: home.value, access };
    if (home.in !== 'buffer' || index === 'none') return this.#ofFixed(this.#fixed.ofHome(access));
    const { buffer, column } = home;
    const pointer = `b${buffer.id}_${index.replace('*', 's')}`;
    const stride = 4 * buffer.width;
    this.pointers.set(pointer, { buffer, index, stride });
    return { kind: 'pointer', pointer, offset: 4 * column, stride };
  }

  /** Parameters of the kernel's function besides the number of rows. */
  signature(): Record<string, typeof I32> {
    return Object.fromEntries(this.names().map((name) => [name, I32]));
  }

  /** Names of these parameters. */
  names(): readonly string[] {
    return [...this.pointers.keys(), ...this.addresses.keys()];
  }

  #ofFixed(address: number): Operand {
    if (!this.#given) return { kind: 'fixed', address };
    const pointer = `at_${address}`;
    this.addresses.set(pointer, address);
    return { kind: 'pointer', pointer, offset: 0, stride: 0 };
  }
}

/** Pointers inside a kernel. */
export type Pointers = Readonly<Record<string, Variable<I32>>>;

/** Address of an operand's row as an expression, and a fixed offset. */
export function addressOf(
  operand: Operand,
  pointers: Pointers,
  fixed?: FixedAddresses,
): { readonly base: I32; readonly offset: number } {
  switch (operand.kind) {
    case 'pointer':
      return { base: pointers[operand.pointer] as Variable<I32>, offset: operand.offset };
    case 'fixed':
      return { base: I32.const(0), offset: operand.address };
    case 'constant':
      if (!fixed) throw new RangeError('a constant has no address');
      return { base: I32.const(0), offset: fixed.ofHome(operand.access) };
  }
}

/** Four numbers from `at` bytes on. */
export function loadVector(operand: Operand, pointers: Pointers, at: I32 | undefined, more = 0): F32x4 {
  if (operand.kind === 'constant') return F32x4.const(operand.value);
  const { base, offset } = addressOf(operand, pointers);
  if (!at) return F32x4.load(base, offset + more);
  return F32x4.load(operand.kind === 'fixed' ? at : base.add(at), offset + more);
}

/** A number in all lanes. */
export function loadScalar(operand: Operand, pointers: Pointers): F32x4 {
  if (operand.kind === 'constant') return F32x4.const(operand.value);
  const { base, offset } = addressOf(operand, pointers);
  return F32x4.loadSplat(base, offset);
}

/** Moves all pointers to the next row. */
export function advance(f: FunctionBuilder, operands: Operands, pointers: Pointers): void {
  for (const [name, { stride }] of operands.pointers) {
    const pointer = pointers[name] as Variable<I32>;
    f.set(pointer, pointer.add(stride));
  }
}
