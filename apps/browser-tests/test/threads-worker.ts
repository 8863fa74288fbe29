// A worker of the page that opens a pool of its own.
import { ThreadPool } from '@unrolled/wasm';
import { wrongInRounds } from './threads-program.ts';

const pool = await ThreadPool.open({ threads: 3 });
const wrong = await wrongInRounds(pool, 500);
await pool.close();
postMessage({ size: pool.size, mayWait: pool.mayWait, wrong });
