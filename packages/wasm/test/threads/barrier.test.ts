// Threads meet at a barrier: what was written before it is seen after it, and no one waits for ever.
import { afterEach, describe, expect, test } from 'vitest';
import { ThreadPool } from '../../src/index.ts';
import { BARRIER, testMemory, testModule, wrongs } from './program.ts';

let pool: ThreadPool;
afterEach(() => pool.close());

describe.each([1, 2, 4])('of %i threads', (threads) => {
  test.each([
    ['all asleep', 1, 8000],
    ['the caller spinning', 0, 2000],
  ])('they see what all wrote before it, waiting %s', async (_, mayWait, rounds) => {
    pool = await ThreadPool.open({ threads });
    const memory = testMemory();
    const program = await pool.load(testModule(), memory, { barrier: BARRIER });
    new Int32Array(memory.buffer).fill(-1, 256, 512);
    program.run('rounds', rounds, mayWait);
    expect(wrongs(memory, threads)).toEqual(new Array(threads).fill(0));
  });
});

test('one thread needs no shared memory', async () => {
  pool = await ThreadPool.open({ threads: 1 });
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const program = await pool.load(testModule({ shared: false }), memory, { barrier: BARRIER });
  new Int32Array(memory.buffer).fill(-1, 256, 512);
  program.run('rounds', 10, 1);
  expect(wrongs(memory, 1)).toEqual([0]);
});

test.each([
  ['asleep', 1],
  ['spinning', 0],
])('a thread that waits in vain gives up, %s', async (_, mayWait) => {
  pool = await ThreadPool.open({ threads: 2 });
  const program = await pool.load(testModule({ patience: 0.3 }), testMemory(), { barrier: BARRIER });
  expect(() => program.run('meet_without', 1, mayWait)).toThrow(/Thread 0 of 2 failed in meet_without: .*unreachable/);
});
