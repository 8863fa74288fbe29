// Measures several contenders in turn, round after round, so that a change of the machine's load meets all of them.

import type { Timing } from './protocol.ts';

/** Something whose calls are timed. */
export interface Runner {
  /** Makes `times` calls and gives what they took together. */
  readonly run: (times: number) => Promise<Timing>;
}

/** How often and how long to measure. */
export interface RoundSettings {
  /** Rounds of all that are fast enough. */
  readonly rounds: number;
  /** Milliseconds that a measurement takes at least; several calls where one is shorter. */
  readonly least: number;
  /** Milliseconds that the rounds of one contender may take together; a slow one has fewer rounds. */
  readonly budget: number;
}

/** What was measured of a contender. */
export interface Measured {
  /** Milliseconds of a call, of each round. */
  readonly times: readonly number[];
  /** Milliseconds of processors of a call, of each round. */
  readonly processor: readonly number[];
  /** Calls in each round. */
  readonly calls: number;
  /** Whether it ran before it was measured. Where one call takes longer than the budget, that call is the measurement. */
  readonly warm: boolean;
  /** Why there are no times. */
  readonly failure?: string;
}

/** How a contender is measured. */
export interface Plan {
  readonly calls: number;
  readonly rounds: number;
}

/** The calls of a round and the number of rounds for a contender whose call takes `estimate` milliseconds. */
export function planOf(estimate: number, { rounds, least, budget }: RoundSettings): Plan {
  const calls = Math.max(1, Math.ceil(least / estimate));
  const affordable = Math.floor(budget / (calls * estimate));
  return { calls, rounds: Math.min(rounds, Math.max(1, affordable)) };
}

/** Who runs in which order in a round: each round begins with another one. */
export function orderOf(round: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => (at + round) % count);
}

/** Whether one that has `own` of `rounds` rounds takes part in a round; its own are spread evenly. */
export function takesPart(round: number, own: number, rounds: number): boolean {
  return Math.floor(((round + 1) * own) / rounds) > Math.floor((round * own) / rounds);
}

const WARM_UP_CALLS = 3;
/** Engines compile again what runs long; this is long enough for all of those here. */
const WARM_UP_LEAST = 600;
/** Milliseconds that a call is taken to need at least, since clocks are coarse. */
const SHORTEST = 1e-4;

/**
 * Warms every runner up, then measures them in interleaved rounds. Gives the results in the order of the runners. One that
 * fails is left out from then on.
 */
export async function measure(runners: readonly Runner[], settings: RoundSettings): Promise<readonly Measured[]> {
  const contestants: Contestant[] = [];
  for (const runner of runners) contestants.push(await entered(runner, settings));
  for (let round = 0; round < settings.rounds; round++)
    for (const at of orderOf(round, contestants.length))
      await takeRound(contestants[at] as Contestant, round, settings.rounds);
  return contestants.map(({ plan, timings, failure }) =>
    failure === undefined
      ? {
          times: timings.map(({ elapsed }) => elapsed),
          processor: timings.map(({ processor }) => processor),
          calls: plan?.calls ?? 1,
          warm: plan !== undefined,
        }
      : { times: [], processor: [], calls: 0, warm: false, failure },
  );
}

/** A runner with what is known of it so far; without a plan there is nothing more to measure. */
interface Contestant {
  readonly runner: Runner;
  readonly plan?: Plan;
  readonly timings: Timing[];
  failure?: string;
}

async function entered(runner: Runner, settings: RoundSettings): Promise<Contestant> {
  try {
    const { first, estimate } = await warmUp(runner, settings.budget);
    if (estimate === undefined) return { runner, timings: [first] };
    return { runner, plan: planOf(estimate, settings), timings: [] };
  } catch (error) {
    return { runner, timings: [], failure: (error as Error).message };
  }
}

async function takeRound(contestant: Contestant, round: number, rounds: number): Promise<void> {
  const { runner, plan, timings, failure } = contestant;
  if (!plan || failure !== undefined || !takesPart(round, plan.rounds, rounds)) return;
  try {
    const { elapsed, processor } = await runner.run(plan.calls);
    timings.push({ elapsed: elapsed / plan.calls, processor: processor / plan.calls });
  } catch (error) {
    contestant.failure = (error as Error).message;
  }
}

/** Runs until it is warm. @returns the first call's time, and what a warm one takes; nothing where there is no time for that. */
async function warmUp(
  { run }: Runner,
  budget: number,
): Promise<{ readonly first: Timing; readonly estimate: number | undefined }> {
  const first = await run(1);
  if (first.elapsed > budget) return { first, estimate: undefined };
  // The first call may have compiled; the fastest of the others says best what is to come.
  let estimate = Number.POSITIVE_INFINITY;
  let spent = 0;
  let calls = 0;
  do {
    const more = Math.max(1, Math.min(calls, Math.ceil(WARM_UP_LEAST / estimate)));
    const { elapsed: took } = await run(more);
    estimate = Math.max(Math.min(estimate, took / more), SHORTEST);
    spent += took;
    calls += more;
  } while (spent < WARM_UP_LEAST || (calls < WARM_UP_CALLS && spent < budget / 2));
  return { first, estimate };
}
