// Sorts what the rows of a bag hold: whole numbers, mostly few of them.

/** Up to here the plain way is faster than a call of the engine's own. */
const FEW = 48;

/** Puts the first `length` numbers in ascending order. */
export function sortAscending(numbers: Int32Array | Uint32Array, length: number): void {
  if (length > FEW) {
    numbers.subarray(0, length).sort();
    return;
  }
  for (let at = 1; at < length; at++) {
    const number = numbers[at] as number;
    let to = at;
    for (; to > 0 && (numbers[to - 1] as number) > number; to--) numbers[to] = numbers[to - 1] as number;
    numbers[to] = number;
  }
}

/**
 * Puts the first `length` columns in ascending order, each with its value.
 * @param scratch - of at least as many places as there are columns; what is in it doesn't matter.
 */
export function sortColumns(columns: Int32Array, values: Float64Array, length: number, scratch: Float64Array): void {
  if (length > FEW) {
    for (let at = 0; at < length; at++) scratch[columns[at] as number] = values[at] as number;
    columns.subarray(0, length).sort();
    for (let at = 0; at < length; at++) values[at] = scratch[columns[at] as number] as number;
    return;
  }
  for (let at = 1; at < length; at++) {
    const column = columns[at] as number;
    const value = values[at] as number;
    let to = at;
    for (; to > 0 && (columns[to - 1] as number) > column; to--) {
      columns[to] = columns[to - 1] as number;
      values[to] = values[to - 1] as number;
    }
    columns[to] = column;
    values[to] = value;
  }
}
