// Threads in a page that may share memory: on its main thread, which only spins, and in a worker of its own.
import { isUnrolledError } from '@unrolled/core';
import { ThreadPool } from '@unrolled/wasm';
import { expect, test } from 'vitest';
import { loadThreads, wrongInRounds } from './threads-program.ts';

test.each([1, 2, 4])('%i threads meet at a barrier while the page spins', async (threads) => {
  const pool = await ThreadPool.open({ threads });
  expect(pool).toMatchObject({ size: threads, reason: undefined, mayWait: threads === 1 });
  for (let job = 0; job < 20; job++) expect(await wrongInRounds(pool, 100)).toEqual(new Array(threads).fill(0));
  await pool.close();
});

test.each([0, 1])('the error of thread %i reaches the page', async (failing) => {
  const pool = await ThreadPool.open({ threads: 2 });
  const { program } = await loadThreads(pool);
  let error: unknown;
  try {
    program.run('divide', failing, 0);
  } catch (thrown) {
    error = thrown;
  }
  expect(isUnrolledError(error, 'THREAD_FAILED')).toBe(true);
  expect((error as Error).message).toContain(`Thread ${failing} of 2 failed in divide: RuntimeError: divide by zero`);
  expect(pool.state).toBe('broken');
});

test('a worker of the page has threads too, and sleeps', async () => {
  const worker = new Worker(new URL('./threads-worker.ts', import.meta.url), { type: 'module' });
  const told = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.terminate();
  expect(told).toEqual({ size: 3, mayWait: true, wrong: [0, 0, 0] });
});

// The last test: the policy holds for the rest of this page's life.
test('a page whose policy refuses workers computes on one thread and says why', async () => {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = "worker-src 'none'";
  document.head.append(policy);
  const pool = await ThreadPool.open({ threads: 2 });
  expect(pool.size).toBe(1);
  expect(pool.reason).toMatch(/^No worker could be started: /);
  expect(await wrongInRounds(pool, 10)).toEqual([0]);
});
