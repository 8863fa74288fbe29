// A growing row of bytes, with the variable-length numbers of WebAssembly (LEB128).

const utf8 = new TextEncoder();
const scratch = new DataView(new ArrayBuffer(8));

/** Collects bytes. */
export class Bytes {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** What was written. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  raw(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Unsigned, up to 32 bits. */
  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Signed: a whole number of 32 bits, or a bigint of 64. */
  signed(value: number | bigint): void {
    let rest = value;
    for (;;) {
      const low = typeof rest === 'number' ? rest & 0x7f : Number(BigInt.asUintN(7, rest));
      rest = typeof rest === 'number' ? rest >> 7 : rest >> 7n;
      // The last byte's sign bit stands for all that follow.
      const last = Number(rest) === (low < 0x40 ? 0 : -1);
      this.byte(last ? low : low | 0x80);
      if (last) return;
    }
  }

  float32(value: number): void {
    scratch.setFloat32(0, value, true);
    this.raw(new Uint8Array(scratch.buffer, 0, 4));
  }

  float64(value: number): void {
    scratch.setFloat64(0, value, true);
    this.raw(new Uint8Array(scratch.buffer, 0, 8));
  }

  /** 32 bits, lowest byte first. */
  int32(value: number): void {
    scratch.setInt32(0, value, true);
    this.raw(new Uint8Array(scratch.buffer, 0, 4));
  }

  /** Its length in bytes, then UTF-8. */
  name(text: string): void {
    this.sized(utf8.encode(text));
  }

  /** Its length, then the bytes. */
  sized(bytes: Uint8Array): void {
    this.unsigned(bytes.length);
    this.raw(bytes);
  }

  #grow(by: number): void {
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + by));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
