// A pool of threads: jobs, errors that reach the caller, workers that end.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { isUnrolledError, type UnrolledError } from '@unrolled/core';
import { afterEach, describe, expect, test } from 'vitest';
import { type Program, sharedPool, ThreadPool, type ThreadPoolOptions } from '../../src/index.ts';
import { BARRIER, NOTES, testMemory, testModule, wrongs } from './program.ts';

const opened: ThreadPool[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((pool) => pool.close()));
});

async function open(options: ThreadPoolOptions): Promise<ThreadPool> {
  const pool = await ThreadPool.open(options);
  opened.push(pool);
  return pool;
}

async function load(
  pool: ThreadPool,
): Promise<{ program: Program; memory: WebAssembly.Memory; notes: () => number[] }> {
  const memory = testMemory();
  const program = await pool.load(testModule(), memory, { barrier: BARRIER });
  return { program, memory, notes: () => [...new Int32Array(memory.buffer, NOTES, 4)] };
}

/** The error of Unrolled that a call ends in. */
async function errorOf(call: () => unknown): Promise<UnrolledError> {
  try {
    await call();
  } catch (error) {
    if (isUnrolledError(error)) return error;
    throw error;
  }
  throw new Error('The call succeeded.');
}

describe('a job', () => {
  test.each([
    [1, [143, 0, 0, 0]],
    [2, [243, 244, 0, 0]],
    [4, [443, 444, 445, 446]],
  ])('runs in each of %i threads, with its numbers', async (threads, expected) => {
    const pool = await open({ threads });
    expect(pool).toMatchObject({ size: threads, reason: undefined, state: 'open', mayWait: true });
    const { program, notes } = await load(pool);
    program.run('note', 50, -7);
    expect(notes()).toEqual(expected);
    expect(program.exports.note).toBeTypeOf('function');
  });

  test('gets numbers of 32 bits, also as unsigned ones', async () => {
    const { program, notes } = await load(await open({ threads: 2 }));
    program.run('note', 4294967295, 1);
    expect(notes()).toEqual([200, 201, 0, 0]);
  });

  test('runs while another program is loaded and unloaded', async () => {
    const pool = await open({ threads: 3 });
    const { program, memory } = await load(pool);
    for (let i = 0; i < 20; i++) {
      const loading = load(pool);
      program.run('rounds', 10, 1);
      const other = await loading;
      other.program.run('note', i, 0);
      expect(other.notes().slice(0, 3)).toEqual([300 + i, 301 + i, 302 + i]);
      other.program.unload();
      program.run('rounds', 10, 1);
      other.program.unload();
    }
    expect(wrongs(memory, 3)).toEqual([0, 0, 0]);
  });

  test('of several programs loaded at once finds its own', async () => {
    const pool = await open({ threads: 2 });
    const loaded = await Promise.all(Array.from({ length: 8 }, () => load(pool)));
    loaded.forEach(({ program }, i) => {
      program.run('note', i, 0);
    });
    expect(loaded.map(({ notes }) => notes()[1])).toEqual([201, 202, 203, 204, 205, 206, 207, 208]);
  });
});

describe('a thread that fails', () => {
  test.each([
    [1, 0],
    [2, 0],
    [2, 1],
    [4, 3],
  ])('of %i, thread %i, gives the caller its error; the others leave the barrier', async (threads, failing) => {
    const pool = await open({ threads });
    const { program } = await load(pool);
    const error = await errorOf(() => program.run('divide', failing, 1));
    expect(error.code).toBe('THREAD_FAILED');
    expect(error.message).toContain(`Thread ${failing} of ${threads} failed in divide: RuntimeError: divide by zero`);
    expect(error.cause).toMatchObject({ name: 'RuntimeError', message: 'divide by zero' });
    expect((error.cause as Error).stack).toContain('divide by zero');
    expect(pool.state).toBe('broken');
    const later = await errorOf(() => program.run('note', 1, 1));
    expect(later).toMatchObject({ code: 'POOL_BROKEN', cause: error });
    expect((await errorOf(() => load(pool))).code).toBe('POOL_BROKEN');
    program.unload();
  });

  test('by never ending is given up after some patience', async () => {
    const pool = await open({ threads: 3, patience: 0.3 });
    const { program, notes } = await load(pool);
    const error = await errorOf(() => program.run('linger', 2));
    expect(error.code).toBe('THREAD_FAILED');
    expect(error.message).toContain('Thread 2 of 3 did not end linger within 0.3 s');
    await pool.close();
    const [counted] = notes();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(notes()[0]).toBe(counted);
  });

  test('by being ended from outside during a job is given up after some patience', async () => {
    const { pool, workers } = await openWatched({ threads: 2, patience: 0.3 });
    const { program } = await load(pool);
    const ended = workers[0]?.terminate();
    const error = await errorOf(() => {
      for (;;) program.run('linger', 5);
    });
    expect(error.code).toBe('THREAD_FAILED');
    expect(error.message).toContain('Thread 1 of 2 did not end linger');
    await ended;
  });

  test('by being ended from outside between jobs breaks the pool', async () => {
    const { pool, workers } = await openWatched({ threads: 2 });
    const { program } = await load(pool);
    await workers[0]?.terminate();
    expect(pool.state).toBe('broken');
    expect((await errorOf(() => program.run('note', 1, 1))).code).toBe('POOL_BROKEN');
  });

  test('while it loads a program rejects the loading', async () => {
    const { pool, workers } = await openWatched({ threads: 2 });
    const loading = errorOf(() => load(pool));
    await workers[0]?.terminate();
    expect(['POOL_BROKEN', 'THREAD_FAILED']).toContain((await loading).code);
  });
});

describe('what is asked wrongly', () => {
  test('is refused with its reason and harms nothing', async () => {
    const pool = await open({ threads: 2 });
    const { program, notes } = await load(pool);
    const codeOf = async (call: () => unknown): Promise<string> => (await errorOf(call)).code;
    expect(await codeOf(() => program.run('nothing'))).toBe('EXPORT_MISSING');
    expect(await codeOf(() => program.run('note', ...new Array<number>(65).fill(0)))).toBe('TOO_MANY_NUMBERS');
    const unshared = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    expect(await codeOf(() => pool.load(testModule(), unshared))).toBe('MEMORY_NOT_SHARED');
    const small = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    await expect(pool.load(testModule(), small)).rejects.toThrow(WebAssembly.LinkError);
    program.run('note', 0, 0);
    expect(notes()).toEqual([200, 201, 0, 0]);
    program.unload();
    program.unload();
    expect(await codeOf(() => program.run('note', 0, 0))).toBe('PROGRAM_UNLOADED');
  });

  test.each([0, -1, 1.5, 257, Number.NaN])('%d threads', async (threads) => {
    expect((await errorOf(() => ThreadPool.open({ threads }))).code).toBe('THREADS_INVALID');
    expect((await errorOf(() => sharedPool(threads))).code).toBe('THREADS_INVALID');
  });
});

describe('a pool that is closed', () => {
  test('says so, and may be closed again', async () => {
    const pool = await open({ threads: 2 });
    const { program } = await load(pool);
    const loading = errorOf(() => load(pool));
    await pool.close();
    await pool.close();
    expect(pool.state).toBe('closed');
    expect((await loading).code).toBe('POOL_CLOSED');
    expect((await errorOf(() => program.run('note', 1, 1))).code).toBe('POOL_CLOSED');
    program.unload();
  });

  test('leaves no worker, fifty times over; one that is not closed lets the process end', async () => {
    const script = fileURLToPath(new URL('./child.ts', import.meta.url));
    const options = ['--conditions=@unrolled/source', '--import', 'tsx', script];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, options, { timeout: 50_000 });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ during: 2, left: 0, last: [300, 301, 302] });
  });
});

// Of five and six threads, which no other test of this process shares.
describe('a pool that is shared', () => {
  test('is one for all, until the last gives it back', async () => {
    const [one, two, other] = await Promise.all([sharedPool(5), sharedPool(5), sharedPool(6)]);
    expect(two.pool).toBe(one.pool);
    expect(other.pool.size).toBe(6);
    await Promise.all([one.release(), one.release(), other.release()]);
    expect([two.pool.state, other.pool.state]).toEqual(['open', 'closed']);
    await two.release();
    expect(two.pool.state).toBe('closed');
    const again = await sharedPool(5);
    expect(again.pool).not.toBe(one.pool);
    await again.release();
  });

  test('is replaced where a thread of it has failed', async () => {
    const first = await sharedPool(5);
    const { program } = await load(first.pool);
    expect(() => program.run('divide', 1, 1)).toThrow('divide by zero');
    const [second, third] = await Promise.all([sharedPool(5), sharedPool(5)]);
    expect(second.pool).not.toBe(first.pool);
    expect(third.pool).toBe(second.pool);
    await first.release();
    expect(second.pool.state).toBe('open');
    await Promise.all([second.release(), third.release()]);
    expect(second.pool.state).toBe('closed');
  });
});

/** A pool together with its workers, as Node tells of them. */
async function openWatched(options: ThreadPoolOptions): Promise<{ pool: ThreadPool; workers: Worker[] }> {
  const workers: Worker[] = [];
  const add = (worker: Worker): void => void workers.push(worker);
  process.on('worker', add);
  const pool = await open(options);
  process.off('worker', add);
  await Promise.all(workers.map((worker) => (worker.threadId > 0 ? undefined : once(worker, 'online'))));
  return { pool, workers };
}
