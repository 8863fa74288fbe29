// A search for the likeliest sequence of one input: some beginnings are kept at each step (Graves 2012, section 5.1), or one is drawn.

import { pow } from '../maths/power.ts';
import { drawOf, likeliest, type Sampling, sampleToken } from './next-token.ts';

/** What a decoder wrote for one input. */
export interface Written {
  /** Numbers of its tokens, without the boundary. */
  readonly ids: readonly number[];
  /** Natural logarithm of its probability. */
  readonly logProbability: number;
  /** Whether it ended by itself. */
  readonly ended: boolean;
}

/** How a search goes. */
export interface BeamSettings {
  /** Beginnings that are kept. */
  readonly beam: number;
  /** Finished sequences compare log-probability ÷ length^penalty. */
  readonly lengthPenalty: number;
  /** Draws tokens in place of the likeliest. */
  readonly sampling: Sampling | undefined;
}

/** A beginning, how likely it is, and how many tokens that counts: with the end one more than its own. */
interface Beginning {
  readonly ids: readonly number[];
  readonly logProbability: number;
  readonly length: number;
}

/** The search of one input. */
export interface Beams {
  /** Last token of each beginning, the boundary before the first. */
  readonly last: () => readonly number[];
  /**
   * Makes each beginning a token longer.
   * @param logProbabilities - of all tokens after each beginning.
   * @returns the beginning that each of the new ones goes on from; none once the search is done.
   */
  readonly grow: (logProbabilities: readonly Float64Array[], step: number) => readonly number[];
  /**
   * The best sequence found. Where the limit has cut the search a beginning that is better than all that have ended, as in
   * Hugging Face's and OpenNMT's searches: what ended early may be far less likely.
   */
  readonly best: () => Written;
}

/** A search. @param example - number of the input, by which tokens are drawn. */
export function createBeams(boundary: number, settings: BeamSettings, example: number): Beams {
  const { beam, lengthPenalty, sampling } = settings;
  const finished: Beginning[] = [];
  let beginnings: readonly Beginning[] = [{ ids: [], logProbability: 0, length: 0 }];
  let done = false;
  const score = ({ logProbability, length }: Beginning): number =>
    lengthPenalty === 0 ? logProbability : logProbability / pow(length, lengthPenalty);
  const bestOf = (all: readonly Beginning[]): Beginning =>
    all.reduce((best, each) => (score(each) > score(best) ? each : best));

  /** All ways to go on that may be among the best. */
  const waysOn = (logProbabilities: readonly Float64Array[], step: number) =>
    beginnings.flatMap((beginning, from) => {
      const next = logProbabilities[from] as Float64Array;
      const ids = sampling ? [sampleToken(next, sampling, drawOf(sampling, example, step))] : likeliest(next, beam + 1);
      return ids.map((id) => ({ from, id, logProbability: beginning.logProbability + (next[id] as number) }));
    });

  return {
    // While there are fewer beginnings than rows, the first stands in the rest.
    last: () => Array.from({ length: beam }, (_, k) => (beginnings[k] ?? beginnings[0])?.ids.at(-1) ?? boundary),
    grow: (logProbabilities, step) => {
      const ways = waysOn(logProbabilities, step).sort(
        (a, b) => b.logProbability - a.logProbability || a.from - b.from,
      );
      const next: { readonly from: number; readonly beginning: Beginning }[] = [];
      for (const { from, id, logProbability } of ways) {
        if (next.length === beam) break;
        const { ids } = beginnings[from] as Beginning;
        const length = ids.length + 1;
        if (id === boundary) finished.push({ ids, logProbability, length });
        else next.push({ from, beginning: { ids: [...ids, id], logProbability, length } });
      }
      beginnings = next.map(({ beginning }) => beginning);
      done = next.length === 0 || isDone(finished, beginnings, score, settings);
      if (done) return [];
      const froms = next.map(({ from }) => from);
      while (froms.length < beam) froms.push(froms[0] as number);
      return froms;
    },
    best: () => {
      const best = bestOf(done ? finished : [...finished, ...beginnings]);
      return { ids: best.ids, logProbability: best.logProbability, ended: finished.includes(best) };
    },
  };
}

/**
 * Without a penalty a beginning only gets less likely, so that nothing better can come once a finished one leads; with one
 * the search ends when as many are finished as there are beginnings.
 */
function isDone(
  finished: readonly Beginning[],
  beginnings: readonly Beginning[],
  score: (beginning: Beginning) => number,
  { beam, lengthPenalty }: BeamSettings,
): boolean {
  if (finished.length === 0) return false;
  if (lengthPenalty > 0) return finished.length >= beam;
  return Math.max(...finished.map(score)) >= Math.max(...beginnings.map(score));
}
