// Where text may be cut.

/** The place at `end`, or before it where that would cut a surrogate pair. */
export function betweenPairs(text: string, end: number): number {
  return (text.codePointAt(end - 1) ?? 0) > 0xffff ? end - 1 : end;
}
