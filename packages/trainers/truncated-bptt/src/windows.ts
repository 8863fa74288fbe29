// Where the windows of a batch lie: from which step to which, for each sequence by its own true length.

/** k1 and k2 of Williams and Peng (1990). */
export interface Truncation {
  /** Steps between updates, k1. */
  readonly every: number;
  /** Steps that gradients travel back from an update, k2; at least `every`. */
  readonly window: number;
}

/** One window of a batch. Steps count from 0. */
export interface Window {
  /** First step that is new: no earlier window has seen it, and only losses from here on count. */
  readonly fresh: number;
  /** First step of each sequence `[batch]`. */
  readonly from: Int32Array;
  /** One past its last step `[batch]`; equal to `from` where the sequence has ended in an earlier window. */
  readonly to: Int32Array;
  /** The longest of them. */
  readonly time: number;
}

/** How many windows a batch has: one, and one more for each `every` steps of its longest sequence that are left. */
export function countWindows(lengths: Int32Array, { every }: Truncation): number {
  return Math.max(
    1,
    lengths.reduce((most, length) => Math.max(most, Math.ceil(length / every)), 0),
  );
}

/** Number of the window that contains a sequence's true end; 0 for an empty one. */
export function lastWindow(length: number, { every }: Truncation): number {
  return Math.max(0, Math.ceil(length / every) - 1);
}

/** The window of number `index`, from 0. */
export function windowAt(index: number, lengths: Int32Array, { every, window }: Truncation): Window {
  const fresh = index * every;
  const to = lengths.map((length) => Math.min(length, fresh + every));
  const from = to.map((end) => (end > fresh ? Math.max(0, end - window) : end));
  const time = to.reduce((most, end, row) => Math.max(most, end - (from[row] as number)), 0);
  return { fresh, from, to, time };
}

/** A row of the state that a later window starts from, which this window computes. */
export interface Handover {
  /** Number of the later window. */
  readonly window: number;
  /** Which sequence. */
  readonly row: number;
  /** After how many of this window's steps it stands. */
  readonly after: number;
}

/** What the window of number `index` hands over: the starts of later windows that lie among its new steps. */
export function handovers(index: number, lengths: Int32Array, truncation: Truncation): Handover[] {
  const { every, window } = truncation;
  const { fresh, from } = windowAt(index, lengths, truncation);
  const found: Handover[] = [];
  for (let later = index + 1; later < countWindows(lengths, truncation); later++) {
    // A later window that starts after this one's last new step; so do all that follow.
    if (later * every - window >= fresh + every) break;
    const starts = windowAt(later, lengths, truncation);
    for (const [row, start] of starts.from.entries()) {
      const runs = (starts.to[row] as number) > start;
      if (runs && start > fresh && start <= fresh + every)
        found.push({ window: later, row, after: start - (from[row] as number) });
    }
  }
  return found;
}
