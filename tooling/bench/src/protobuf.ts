// Writes Protocol Buffers messages: just the kinds of field that ONNX files have here.
// Source: Protocol Buffers, "Encoding".

/** Bytes of a message or of a part of it. */
export type Bytes = readonly Uint8Array[];

/** A whole number. */
export function integer(field: number, value: number): Bytes {
  return [varint(8 * field), varint(value)];
}

/** Text. */
export function text(field: number, value: string): Bytes {
  return bytes(field, new TextEncoder().encode(value));
}

/** Raw bytes. */
export function bytes(field: number, value: Uint8Array): Bytes {
  return [varint(8 * field + 2), varint(value.length), value];
}

/** A message inside a message. */
export function message(field: number, ...parts: readonly Bytes[]): Bytes {
  return bytes(field, joined(parts.flat()));
}

/** Everything in one array. */
export function joined(parts: Bytes): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Seven bits a byte, the least first. */
function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  return Uint8Array.of(...out, rest);
}
