// Typed arrays that grow by doubling.

/** An array of the same type, at least twice as long and of at least `length`, that begins with what `array` holds. */
export function grown<T extends Int32Array | Uint32Array | Float64Array | Uint16Array | Uint8Array>(
  array: T,
  length: number,
): T {
  const Kind = array.constructor as new (length: number) => T;
  const bigger = new Kind(Math.max(2 * array.length, length));
  bigger.set(array);
  return bigger;
}
