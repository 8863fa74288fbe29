// The memory of an executable: what stays at its beginning, what a call needs behind it.
import { UnrolledError } from '@unrolled/core';

const PAGE = 65536;
/** 4 GiB, all that 32 bits reach. */
const MOST_PAGES = 65536;
/** Vectors may be read a little beyond the last number. */
const SLACK = 256;

/** A growing memory. */
export class Memory {
  readonly memory: WebAssembly.Memory;
  readonly maximum: number = MOST_PAGES;
  readonly shared: boolean;
  #static = 0;
  #views: { readonly floats: Float32Array; readonly integers: Int32Array; readonly doubles: Float64Array };

  /** @throws UnrolledError `MEMORY_REFUSED` */
  constructor(shared: boolean) {
    this.shared = shared;
    try {
      this.memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared });
    } catch (cause) {
      throw refused(PAGE, 'network', cause);
    }
    this.#views = viewsOf(this.memory.buffer);
  }

  /** Bytes that stay. */
  get staticBytes(): number {
    return this.#static;
  }

  /** Bytes that the engine has given. */
  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Address of bytes that stay; they are 0. @throws UnrolledError `MEMORY_REFUSED` */
  readonly allocate = (bytes: number): number => {
    const address = this.#static;
    const end = Math.ceil((address + bytes) / 64) * 64;
    // What a memory grows by is 0 and takes no room before it is written.
    const used = Math.max(0, Math.min(this.bytes - address, bytes));
    this.ensure(end, 'network');
    this.#static = end;
    new Uint8Array(this.memory.buffer, address, used).fill(0);
    return address;
  };

  /** Bytes that the engine gives, at least, to make room up to an address. */
  bytesUpTo(end: number): number {
    return Math.max(this.bytes, PAGE * Math.ceil((end + SLACK) / PAGE));
  }

  /** Makes room up to an address. @param by - what needs it. @throws UnrolledError `MEMORY_REFUSED` with the size */
  ensure(end: number, by: 'network' | 'call' = 'call'): void {
    const missing = end + SLACK - this.bytes;
    if (missing <= 0) return;
    const pages = Math.ceil(missing / PAGE);
    if (this.bytes / PAGE + pages > MOST_PAGES) throw refused(end, by);
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw refused(end, by, cause);
    }
    this.#views = viewsOf(this.memory.buffer);
  }

  /** @throws UnrolledError `MEMORY_REFUSED` for a size that no memory has, before anything as large is made of it */
  expect(bytes: number): void {
    if (bytes > MOST_PAGES * PAGE) throw refused(bytes, 'call');
  }

  /** All numbers; valid until memory grows. */
  get floats(): Float32Array {
    return this.#views.floats;
  }

  /** The same as whole numbers. */
  get integers(): Int32Array {
    return this.#views.integers;
  }

  /** The same as float64. */
  get doubles(): Float64Array {
    return this.#views.doubles;
  }
}

function viewsOf(buffer: ArrayBufferLike) {
  return {
    floats: new Float32Array(buffer),
    integers: new Int32Array(buffer),
    doubles: new Float64Array(buffer),
  };
}

const mends = {
  network: 'Use fewer units or a smaller vocabulary: the weights and what stays beside them are that large.',
  call: "Use smaller batches, shorter sequences, or compile with memory: '64MB', which recomputes instead of storing.",
};

function refused(bytes: number, by: keyof typeof mends, cause?: unknown): UnrolledError {
  const size = `${Math.ceil(bytes / 1048576)} MiB`;
  const why = bytes + SLACK > MOST_PAGES * PAGE ? 'more than the 4096 MiB of WebAssembly' : 'which the engine refused';
  return new UnrolledError('MEMORY_REFUSED', `This ${by} needs ${size} of memory, ${why}.`, {
    mend: mends[by],
    cause,
  });
}
