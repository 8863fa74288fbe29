// Which states are kept while a sequence is gone through backwards: the fewest segments run forward again.
//
// Where every state at the beginning of a segment has room, each is kept and no segment runs forward more than once before
// its turn (Gruslys et al. 2016, section 3.1). Where they have not, states are kept and dropped as by the binomial
// schedule of Griewank and Walther (2000, Algorithm 799: revolve), which is optimal.

/** Segments that run forward before the turn of each comes, with room for `slots` states besides the first one. */
export function forwardRuns(segments: number, slots: number): number {
  if (segments <= 1) return 0;
  if (slots >= segments - 1) return segments - 1;
  // With c states and at most r runs of each segment, (c + r)! / (c! r!) of them can be gone through.
  const states = slots + 1;
  let rounds = 0;
  let reach = 1;
  // (c + r)! / ((c + 1)! (r − 1)!), which the same product leads to.
  let saved = 0;
  while (reach < segments) {
    saved += reach;
    rounds++;
    reach = (reach * (states + rounds)) / rounds;
  }
  return rounds * segments - saved;
}

/** After how many of the segments the next state is kept. */
export function nextCheckpoint(segments: number, slots: number): number {
  let [best, least] = [1, Number.POSITIVE_INFINITY];
  for (let at = 1; at < segments; at++) {
    const runs = at + forwardRuns(segments - at, slots - 1) + forwardRuns(at, slots);
    if (runs >= least) continue;
    [best, least] = [at, runs];
  }
  return best;
}
