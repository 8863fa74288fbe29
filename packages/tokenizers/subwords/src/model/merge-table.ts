// The merges of a byte-pair encoding by the numbers of their two parts: an open-addressed table without strings.

const EMPTY = -1;

/** Looks up what two neighbouring tokens become, and how early that was learned. */
export interface MergeTable {
  /** Rank of the merge of two tokens, 0 the first learned; -1 where there is none. */
  readonly rankOf: (left: number, right: number) => number;
  /** The token that a merge of that rank gives. */
  readonly merged: Int32Array;
}

/** A table of merges `[left, right, token]` in order of rank; a pair that comes twice has its last rank, as in HF tokenizers. */
export function createMergeTable(merges: readonly (readonly [number, number, number])[]): MergeTable {
  const mask = (1 << Math.max(4, 32 - Math.clz32(merges.length * 2))) - 1;
  const lefts = new Int32Array(mask + 1).fill(EMPTY);
  const rights = new Int32Array(mask + 1);
  const ranks = new Int32Array(mask + 1);
  const slotOf = (left: number, right: number): number => {
    let slot = hash(left, right) & mask;
    while (lefts[slot] !== EMPTY && (lefts[slot] !== left || rights[slot] !== right)) slot = (slot + 1) & mask;
    return slot;
  };
  for (const [rank, [left, right]] of merges.entries()) {
    const slot = slotOf(left, right);
    lefts[slot] = left;
    rights[slot] = right;
    ranks[slot] = rank;
  }
  return {
    merged: Int32Array.from(merges, ([, , token]) => token),
    rankOf: (left, right) => {
      const slot = slotOf(left, right);
      return lefts[slot] === EMPTY ? EMPTY : (ranks[slot] as number);
    },
  };
}

/** Spreads pairs of small numbers over 32 bits. */
export function hash(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
