// What a network is told where a call sees a segment of its sequences, the last one first: what is pooled is complete only
// there, so an answer of the whole sequence and its loss count in that segment alone.

/** Names of the leaves that a segment's call is given. */
export const segmentInputs = {
  /** 0 in a segment that is not the last; else 1, or 2 where the sequence has steps at all, and so a loss. */
  ends: 'segment.ends',
  /** A pooled state `[batch, …]` at the end of the whole sequence, read where `ends` is 0. */
  final: (state: string): string => `segment.final.${state}`,
} as const;
