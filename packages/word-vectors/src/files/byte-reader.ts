// Reads bytes in order out of pieces that come in, holding no more of them than was asked for at once.

/** A task of its own after so many milliseconds, so that a page stays alive. */
const STRETCH = 25;

/** How a long reading is watched and stopped. */
export interface Watch {
  /** Stops the reading; what it is aborted with is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each piece of at most 1 MiB with the bytes read so far, uncompressed. */
  readonly onBytes: (bytes: number) => void;
}

/** Bytes in order. What it gives out is valid until more is asked for. */
export class ByteReader {
  /** What is held; the next byte is at {@link start}, the last before {@link end}. */
  bytes = new Uint8Array(0);
  /** The same memory. */
  view = new DataView(this.bytes.buffer);
  /** Where in {@link bytes} the next byte is. To take bytes, move it. */
  start = 0;
  /** After the last byte that is held. */
  end = 0;
  readonly #pieces: AsyncGenerator<Uint8Array, void, void>;
  readonly #watch: Watch;
  #came = 0;
  #breath = performance.now();

  constructor(pieces: AsyncGenerator<Uint8Array, void, void>, watch: Watch) {
    this.#pieces = pieces;
    this.#watch = watch;
  }

  /** How many bytes are held. */
  get held(): number {
    return this.end - this.start;
  }

  /** How many bytes were taken. */
  get offset(): number {
    return this.#came - this.held;
  }

  /** Holds at least `count` bytes, where there are as many; false where there are not. */
  async hold(count: number): Promise<boolean> {
    while (this.held < count) if (!(await this.more())) return false;
    return true;
  }

  /** Holds one piece more; false at the end. */
  async more(): Promise<boolean> {
    this.#watch.signal?.throwIfAborted();
    const { done, value } = await this.#pieces.next();
    if (done) return false;
    this.#append(value);
    this.#watch.onBytes(this.#came);
    if (performance.now() - this.#breath > STRETCH) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#breath = performance.now();
    }
    return true;
  }

  /** Lets the source go. */
  async close(): Promise<void> {
    await this.#pieces.return();
  }

  #append(piece: Uint8Array): void {
    const { held } = this;
    if (this.end + piece.length > this.bytes.length) {
      const room = held + piece.length > this.bytes.length;
      const to = room ? new Uint8Array(Math.max(2 * held, held + piece.length)) : this.bytes;
      to.set(this.bytes.subarray(this.start, this.end));
      if (room) [this.bytes, this.view] = [to, new DataView(to.buffer)];
      [this.start, this.end] = [0, held];
    }
    this.bytes.set(piece, this.end);
    this.end += piece.length;
    this.#came += piece.length;
  }
}
