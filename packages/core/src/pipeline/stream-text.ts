// The examples of a corpus as one endless text, a boundary before each and after the last, parted where its end is kept apart.
import type { Corpus } from './corpus.ts';

/** A part of an endless text. */
export interface StreamText {
  /** How many examples it has something of. */
  readonly count: number;
  /** What it has of them, in their order; read anew each time. */
  readonly excerpts: () => Generator<StreamExcerpt, void, void>;
  /** Whether the boundary after the last example belongs to it. */
  readonly closed: boolean;
}

/** What a part has of an example. */
export interface StreamExcerpt {
  /** Whether the boundary before the example is there. */
  readonly begins: boolean;
  /** Its tokens. */
  readonly tokens: readonly string[];
  /** Steps that were cut off the example before. */
  readonly cut: number;
}

/** Parts the text. @param share - of the text that the second part has, the end of it. */
export function partStream(
  corpus: Corpus,
  share: number,
): { readonly training: StreamText; readonly validation: StreamText } {
  const starts = [0];
  for (let index = 0; index < corpus.count; index += 1)
    starts.push((starts[index] as number) + 1 + corpus.sequenceOf(index).length);
  const end = (starts[corpus.count] as number) + 1;
  const at = Math.round(end * (1 - share));
  return { training: between(corpus, starts, 0, at), validation: between(corpus, starts, at, end) };
}

/** The text from one place to before another. @param starts - where the boundary before each example stands, and the last one. */
function between(corpus: Corpus, starts: readonly number[], from: number, to: number): StreamText {
  const startOf = (index: number): number => starts[index] as number;
  const members = Array.from({ length: corpus.count }, (_, index) => index).filter(
    (index) => startOf(index) < to && startOf(index + 1) > from,
  );
  function* excerpts(): Generator<StreamExcerpt, void, void> {
    for (const index of members) {
      const first = startOf(index) + 1;
      const tokens = corpus.sequenceOf(index) as readonly string[];
      yield {
        begins: first > from,
        tokens: tokens.slice(Math.max(0, from - first), to - first),
        cut: corpus.cutOf(index),
      };
    }
  }
  const last = startOf(corpus.count);
  return { count: members.length, excerpts, closed: last >= from && last < to };
}
