// A program for threads: rounds that meet at a barrier, a count of what was seen wrong, a division by zero.
import { barrier, I32, ModuleBuilder, type Program, type ThreadPool } from '@unrolled/wasm';

const SLOTS = 64;
const WRONG = 1024;

/** The module, over an imported memory of one page. */
function threadsModule(shared: boolean): WebAssembly.Module {
  const memory = { minimum: 1, maximum: 1, shared, import: { module: 'env', name: 'memory' } };
  const module = new ModuleBuilder({ memory });
  const meet = barrier(module);
  const signature = { thread: I32, threads: I32, rounds: I32, mayWait: I32 };
  module.export(
    module.function('rounds', signature, (f, { thread, threads, rounds, mayWait }) => {
      const wrong = f.let('wrong', I32.const(0));
      const arrive = (): void => f.run(meet({ address: I32.const(0), threads, mayWait: mayWait.or(thread) }));
      f.for('round', 0, rounds, 1, (round) => {
        f.store(thread.shl(2).add(SLOTS), round.add(thread));
        arrive();
        f.for('other', 0, threads, 1, (other) => {
          f.set(wrong, wrong.add(I32.load(other.shl(2).add(SLOTS)).ne(round.add(other))));
        });
        arrive();
      });
      f.store(thread.shl(2).add(WRONG), wrong);
    }),
  );
  const failing = { thread: I32, threads: I32, failing: I32, mayWait: I32 };
  module.export(
    module.function('divide', failing, (f, { thread, threads, failing, mayWait }) => {
      f.store(I32.const(WRONG), I32.const(7).divU(thread.ne(failing)));
      f.run(meet({ address: I32.const(0), threads, mayWait: mayWait.or(thread) }));
    }),
  );
  return new WebAssembly.Module(module.toBinary());
}

/** What each thread of the pool saw wrong in so many rounds: -1 where it did not run. */
export async function wrongInRounds(pool: ThreadPool, rounds: number): Promise<number[]> {
  const { program, memory } = await loadThreads(pool);
  const wrong = new Int32Array(memory.buffer, WRONG, pool.size).fill(-1);
  program.run('rounds', rounds, Number(pool.mayWait));
  program.unload();
  return [...wrong];
}

/** The program in every thread. */
export async function loadThreads(pool: ThreadPool): Promise<{ program: Program; memory: WebAssembly.Memory }> {
  const shared = pool.size > 1;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared });
  return { program: await pool.load(threadsModule(shared), memory, { barrier: 0 }), memory };
}
