// Micro-batches: which inputs go together, in which order, and who gets which answer or error.
import { describe, expect, it } from 'vitest';
import { createMicroBatches, type MicroBatchSettings } from '../src/micro-batches.ts';

const settings: MicroBatchSettings = { largestBatch: 4, longestWait: 5, longestQueue: 100 };

/** Doubles numbers, notes its batches, refuses negative numbers, and waits for `gate`. */
function doubling(changes: Partial<MicroBatchSettings> = {}, gate: Promise<void> = Promise.resolve()) {
  const seen: number[][] = [];
  const batches = createMicroBatches(
    async (inputs: readonly number[]) => {
      seen.push([...inputs]);
      await gate;
      const negative = inputs.find((input) => input < 0);
      if (negative !== undefined) throw new RangeError(`${negative} is negative`);
      return inputs.map((input) => 2 * input);
    },
    { ...settings, ...changes },
  );
  return { ...batches, seen };
}

function gate(): { readonly closed: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { closed, open };
}

const count = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

describe('what goes together', () => {
  it('is what arrives together, up to the largest batch, in the order of arrival', async () => {
    const { submit, seen, waiting } = doubling();
    const answers = count(10).map((input) => submit(input));
    expect(await Promise.all(answers)).toEqual(count(10).map((input) => 2 * input));
    expect(seen).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10],
    ]);
    expect(waiting()).toBe(0);
  });

  it('waits for others no longer than it may', async () => {
    const { submit, seen } = doubling({ longestWait: 30 });
    const begun = performance.now();
    await submit(1);
    expect(performance.now() - begun).toBeGreaterThan(25); // timers may be early by this clock
    await submit(2);
    expect(seen).toEqual([[1], [2]]);
  });

  it('does not wait once the batch is full', async () => {
    const { submit, seen } = doubling({ longestWait: 2 ** 30 });
    await Promise.all(count(8).map((input) => submit(input)));
    expect(seen.length).toBe(2);
  });

  it('is what came while the last batch was computed', async () => {
    const { closed, open } = gate();
    const { submit, seen } = doubling({ longestWait: 2 ** 30 }, closed);
    const first = count(4).map((input) => submit(input));
    const second = count(4).map((input) => submit(10 * input));
    expect(seen.length).toBe(1);
    open();
    await Promise.all([...first, ...second]);
    expect(seen[1]).toEqual([10, 20, 30, 40]);
  });
});

describe('an error', () => {
  it('is its own caller’s alone', async () => {
    const { submit, seen } = doubling();
    const settled = await Promise.allSettled([1, -2, 3].map((input) => submit(input)));
    expect(settled).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: new RangeError('-2 is negative') },
      { status: 'fulfilled', value: 6 },
    ]);
    expect(seen).toEqual([[1, -2, 3], [1], [-2], [3]]);
    expect(await submit(4)).toBe(8);
  });

  it('is what too few answers are', async () => {
    const { submit } = createMicroBatches(async () => [], settings);
    await expect(submit(1)).rejects.toMatchObject({ code: 'BATCH_INVALID' });
  });
});

describe('the queue', () => {
  it('refuses what is more than may wait, and takes more when some are answered', async () => {
    const { closed, open } = gate();
    const { submit, waiting } = doubling({ largestBatch: 1, longestQueue: 2, longestWait: 0 }, closed);
    const answers = [submit(1), submit(2), submit(3)]; // the first is under way
    expect(waiting()).toBe(2);
    await expect(submit(4)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    open();
    expect(await Promise.all(answers)).toEqual([2, 4, 6]);
    expect(await submit(5)).toBe(10);
  });

  it('lets go of callers that leave', async () => {
    const { submit, waiting, seen } = doubling({ longestWait: 20 });
    const leaver = new AbortController();
    const answers = [submit(1), submit(2, leaver.signal), submit(3)];
    leaver.abort(new Error('gone'));
    expect(waiting()).toBe(2);
    await expect(answers[1]).rejects.toThrow('gone');
    expect(await Promise.all([answers[0], answers[2]])).toEqual([2, 6]);
    expect(seen).toEqual([[1, 3]]);
    await expect(submit(4, leaver.signal)).rejects.toThrow('gone');
  });

  it('does not compute for callers that have all left', async () => {
    const { submit, seen, hurry } = doubling();
    const leaver = new AbortController();
    const answer = submit(1, leaver.signal);
    leaver.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise((resolve) => setTimeout(resolve, 4 * settings.longestWait));
    await hurry();
    expect(seen).toEqual([]);
  });
});

describe('hurry', () => {
  it('answers at once all that wait, and all that come', async () => {
    const { submit, hurry, seen } = doubling({ longestWait: 2 ** 30, largestBatch: 100 });
    const answers = count(3).map((input) => submit(input));
    const hurried = hurry();
    answers.push(submit(4));
    await hurried;
    expect(await Promise.all([...answers, submit(5)])).toEqual([2, 4, 6, 8, 10]);
    expect(seen).toEqual([[1, 2, 3], [4], [5]]);
  });

  it('waits for every batch', async () => {
    const { closed, open } = gate();
    const { submit, hurry } = doubling({ largestBatch: 2 }, closed);
    let left = 5;
    const answers = count(5).map((input) => submit(input).then(() => left--));
    setTimeout(open, 5);
    await hurry();
    await Promise.all(answers);
    expect(left).toBe(0);
  });
});
