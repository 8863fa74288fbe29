// Threads in a page that is not cross-origin isolated: there is one, and it is said why.
import { ThreadPool } from '@unrolled/wasm';
import { expect, test } from 'vitest';
import { wrongInRounds } from '../threads-program.ts';

test('the page has no SharedArrayBuffer', () => {
  expect(crossOriginIsolated).toBe(false);
  expect(typeof SharedArrayBuffer).toBe('undefined');
});

test('a pool has the caller alone, and the program runs', async () => {
  const pool = await ThreadPool.open({ threads: 4 });
  expect(pool.size).toBe(1);
  expect(pool.reason).toContain('Cross-Origin-Opener-Policy');
  expect(await wrongInRounds(pool, 10)).toEqual([0]);
  await pool.close();
});
