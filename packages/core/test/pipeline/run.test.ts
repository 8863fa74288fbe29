// The run: a promise and a loop over one producer; who sets the pace, and how it stops.
import { describe, expect, it } from 'vitest';
import { isUnrolledError, UnrolledError } from '../../src/errors.ts';
import type { History, Progress, StopReason } from '../../src/pipeline/progress.ts';
import { type RunControl, startRun } from '../../src/pipeline/run.ts';

/** A producer of `steps` reports that counts the steps it began. */
function counting(steps: number) {
  const count = { begun: 0 };
  const produce = async ({ report, stopping }: RunControl): Promise<History> => {
    let stopped: StopReason | undefined;
    for (let step = 1; step <= steps && !stopped; step += 1) {
      await Promise.resolve();
      count.begun += 1;
      await report({ update: step } as Progress);
      stopped = stopping();
    }
    return { updates: count.begun, stopped: stopped ?? 'finished' } as History;
  };
  return { count, produce };
}

describe('a run', () => {
  it('starts at once and needs no loop', async () => {
    const { count, produce } = counting(5);
    const run = startRun(produce);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(count.begun).toBe(5);
    expect(await run).toMatchObject({ updates: 5, stopped: 'finished' });
  });

  it('gives every report in order', async () => {
    const seen: number[] = [];
    const run = startRun(counting(4).produce);
    for await (const { update } of run) seen.push(update);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect((await run).stopped).toBe('finished');
  });

  it('goes at the pace of its loop, and stops at the step at which the loop is left', async () => {
    const { count, produce } = counting(100);
    const run = startRun(produce);
    for await (const { update } of run) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect(count.begun).toBe(update);
      if (update === 3) break;
    }
    expect(count.begun).toBe(3);
    expect(await run).toMatchObject({ updates: 3, stopped: 'left' });
  });

  it('waits for the slowest of two loops', async () => {
    const run = startRun(counting(6).produce);
    const read = async (wait: number) => {
      const seen: number[] = [];
      for await (const { update } of run) {
        seen.push(update);
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
      return seen;
    };
    const [fast, slow] = await Promise.all([read(0), read(2)]);
    expect(fast).toEqual([1, 2, 3, 4, 5, 6]);
    expect(slow).toEqual(fast);
  });

  it('does not lock up when it is awaited inside its own loop', async () => {
    const run = startRun(counting(10).produce);
    let history: History | undefined;
    for await (const { update } of run) if (update === 2) history = await run;
    expect(history).toMatchObject({ updates: 10 });
  });

  it('ends a loop that begins when the run is over', async () => {
    const run = startRun(counting(3).produce);
    await run;
    for await (const _ of run) expect.unreachable('every report has gone by');
    const failed = startRun(() => Promise.reject(new UnrolledError('DATA_EMPTY', 'nothing')));
    await failed.catch(() => {});
    const loop = (async () => {
      for await (const _ of failed);
    })();
    await expect(loop).rejects.toThrow('nothing');
  });

  it('stops when its signal aborts, and when asked to', async () => {
    const controller = new AbortController();
    const aborted = startRun(counting(100).produce, controller.signal);
    for await (const { update } of aborted) if (update === 4) controller.abort();
    expect(await aborted).toMatchObject({ updates: 4, stopped: 'aborted' });
    const run = startRun(counting(1e6).produce);
    expect(await run.stop()).toMatchObject({ stopped: 'left' });
  });

  it('fails in the loop and in the promise alike', async () => {
    const fails = async ({ report }: RunControl): Promise<History> => {
      await report({ update: 1 } as Progress);
      throw new UnrolledError('TRAINING_DIVERGED', 'no');
    };
    const looped = startRun(fails);
    const caught = await (async () => {
      for await (const _ of looped);
    })().catch((error) => error);
    expect(isUnrolledError(caught, 'TRAINING_DIVERGED')).toBe(true);
    await expect(startRun(fails)).rejects.toThrow('no');
    await expect(startRun(fails).catch(({ code }) => code)).resolves.toBe('TRAINING_DIVERGED');
  });

  it('leaves a failure that nobody looks at visible to the host', async () => {
    const seen: unknown[] = [];
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.once('unhandledRejection', (reason) => seen.push(reason));
    startRun(async () => {
      throw new UnrolledError('DATA_EMPTY', 'nothing');
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const listener of others) process.on('unhandledRejection', listener);
    expect(seen).toHaveLength(1);
    expect(isUnrolledError(seen[0], 'DATA_EMPTY')).toBe(true);
  });
});
