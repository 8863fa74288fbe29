// "Did you mean": the known name nearest to a mistyped one.

/**
 * The candidate that differs least from `name`, or undefined where none is near: at most one edit in three characters
 * (insert, drop, change or swap two neighbours), and something in common. A difference in case and `_` alone is near. Of equals
 * one with the same first letter wins, then the first.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const most = Math.max(1, Math.floor([...name].length / 3));
  let best: string | undefined;
  let bestDistance = most + 0.5;
  for (const candidate of candidates) {
    const distance = spelt(name) === spelt(candidate) ? 0.5 : editDistance(name, candidate);
    const rank = distance - (firstLetter(name) === firstLetter(candidate) ? 0.25 : 0);
    const near = distance <= most && distance < Math.max(name.length, candidate.length);
    if (near && rank < bestDistance) [best, bestDistance] = [candidate, rank];
  }
  return best;
}

/** A name without what differs between habits of spelling: `top_k` and `topK` are one. */
function spelt(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

function firstLetter(name: string): string {
  return name.slice(0, 1).toLowerCase();
}

/** Damerau–Levenshtein distance, restricted (no edit inside a swap): the optimal string alignment. */
function editDistance(from: string, to: string): number {
  const a = [...from];
  const b = [...to];
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(change, at(last, j) + 1, at(row, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, at(beforeLast, j - 2) + 1);
      row.push(distance);
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] as number;
}
