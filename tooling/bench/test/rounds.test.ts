// Who runs when: measured runners report made-up times, so that nothing here depends on a clock.
import { expect, test } from 'vitest';
import { measure, orderOf, planOf, type Runner, takesPart } from '../src/rounds.ts';

const settings = { rounds: 7, least: 250, budget: 10_000 };

/** A runner whose first call takes `first` milliseconds and every other `each`; writes into `log` when it runs. */
function runner(name: string, log: string[], each: number, first = each): Runner {
  let fresh = true;
  return {
    run: async (times) => {
      log.push(name);
      const took = (fresh ? first : each) + (times - 1) * each;
      fresh = false;
      return { elapsed: took, processor: 2 * took };
    },
  };
}

test('a short call is repeated, a long one has fewer rounds', () => {
  expect(planOf(1, settings)).toEqual({ calls: 250, rounds: 7 });
  expect(planOf(400, settings)).toEqual({ calls: 1, rounds: 7 });
  expect(planOf(3000, settings)).toEqual({ calls: 1, rounds: 3 });
  expect(planOf(9000, settings)).toEqual({ calls: 1, rounds: 1 });
});

test('every round begins with another one, and each has every place as often', () => {
  expect(orderOf(0, 3)).toEqual([0, 1, 2]);
  expect(orderOf(4, 3)).toEqual([1, 2, 0]);
  for (const place of [0, 1, 2]) expect(new Set([0, 1, 2].map((round) => orderOf(round, 3)[place])).size).toBe(3);
});

test('fewer rounds are spread over all of them', () => {
  const of = (own: number): number[] => [0, 1, 2, 3, 4, 5, 6].filter((round) => takesPart(round, own, 7));
  expect(of(7)).toHaveLength(7);
  expect(of(1)).toHaveLength(1);
  const three = of(3);
  expect(three).toHaveLength(3);
  expect(Math.min(...three.slice(1).map((round, at) => round - (three[at] as number)))).toBeGreaterThan(1);
});

test('rounds interleave after all are warm, and give the time of one call', async () => {
  const log: string[] = [];
  const results = await measure([runner('a', log, 500, 4000), runner('b', log, 100)], settings);
  expect(results.map(({ times }) => times)).toEqual([Array(7).fill(500), Array(7).fill(100)]);
  expect(results[1]?.processor).toEqual(Array(7).fill(200));
  expect(results.map(({ calls, warm }) => [calls, warm])).toEqual([
    [1, true],
    [3, true],
  ]);
  expect(log.slice(-14).join('')).toBe('abbaabbaabbaab');
});

test('what is slower than its budget is measured once, cold, and never called again', async () => {
  const log: string[] = [];
  const [slow, fast] = await measure([runner('slow', log, 20_000), runner('fast', log, 300)], settings);
  expect(slow).toEqual({ times: [20_000], processor: [40_000], calls: 1, warm: false });
  expect(fast?.times).toHaveLength(7);
  expect(log.filter((name) => name === 'slow')).toHaveLength(1);
});

test('one that fails says why and leaves the others alone', async () => {
  const log: string[] = [];
  let calls = 0;
  const broken: Runner = {
    run: async (times) => {
      if (++calls > 6) throw new Error('out of memory');
      return { elapsed: 300 * times, processor: 300 * times };
    },
  };
  const [failed, fine] = await measure([broken, runner('fine', log, 300)], settings);
  expect(failed).toMatchObject({ times: [], failure: 'out of memory' });
  expect(calls).toBe(7);
  expect(fine?.times).toHaveLength(7);
});
