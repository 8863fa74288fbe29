// A process that opens and closes many pools, and leaves the last one open; says how many workers it had more than before.
import { ThreadPool } from '../../src/index.ts';
import { BARRIER, NOTES, testMemory, testModule } from './program.ts';

const module = testModule();
const alive = new Set<unknown>();
process.on('worker', (worker) => {
  alive.add(worker);
  worker.on('exit', () => alive.delete(worker));
});

// The loader of this file may have a worker too, which Node starts when it likes.
await (await ThreadPool.open({ threads: 3 })).close();
const before = alive.size;
let during = 0;
for (let i = 0; i < 50; i++) {
  const pool = await ThreadPool.open({ threads: 3 });
  const program = await pool.load(module, testMemory(), { barrier: BARRIER });
  program.run('rounds', 3, 1);
  during = alive.size - before;
  await pool.close();
}
const left = alive.size - before;

const memory = testMemory();
const pool = await ThreadPool.open({ threads: 3 });
const program = await pool.load(module, memory, { barrier: BARRIER });
program.run('note', 0, 0);
const last = [...new Int32Array(memory.buffer, NOTES, 3)];
console.log(JSON.stringify({ during, left, last }));
