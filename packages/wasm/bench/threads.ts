// What it costs to start a job in every thread and to wait for all, and what a barrier costs: wall-clock time.
import { barrier, I32, ModuleBuilder, type Program, ThreadPool } from '../src/index.ts';

/** Milliseconds between jobs; after some microseconds the workers sleep. */
const PAUSES = [0, 2];
const JOBS = 1000;
const BARRIERS = 10_000;

/** Prints the median and the 9th decile for 2 and 4 threads. */
export async function benchThreads(): Promise<void> {
  for (const threads of [2, 4]) {
    const pool = await ThreadPool.open({ threads });
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const program = await pool.load(threadsModule(), memory, { barrier: 0 });
    for (const pause of PAUSES) print(`empty job, ${threads} threads, every ${pause} ms`, jobs(program, pause));
    print(`barrier, ${threads} threads`, barriers(program));
    await pool.close();
  }
}

function threadsModule(): WebAssembly.Module {
  const memory = { minimum: 1, maximum: 1, shared: true, import: { module: 'env', name: 'memory' } };
  const module = new ModuleBuilder({ memory });
  const meet = barrier(module);
  module.export(module.function('empty', { thread: I32, threads: I32 }, () => {}));
  module.export(
    module.function('meet', { thread: I32, threads: I32, times: I32 }, (f, { threads, times }) => {
      f.for('time', 0, times, 1, () => f.run(meet({ address: I32.const(0), threads, mayWait: 1 })));
    }),
  );
  return new WebAssembly.Module(module.toBinary());
}

/** Microseconds of each job. */
function jobs(program: Program, pause: number): number[] {
  return Array.from({ length: JOBS }, () => {
    for (const began = performance.now(); performance.now() - began < pause; );
    return microseconds(() => program.run('empty'));
  });
}

/** Microseconds of a barrier, in several rounds. */
function barriers(program: Program): number[] {
  return Array.from({ length: 15 }, () => microseconds(() => program.run('meet', BARRIERS)) / BARRIERS);
}

function microseconds(run: () => void): number {
  const began = performance.now();
  run();
  return 1000 * (performance.now() - began);
}

function print(name: string, times: number[]): void {
  times.sort((a, b) => a - b);
  const [median, decile] = [0.5, 0.9].map((share) => (times[Math.floor(share * times.length)] as number).toFixed(1));
  console.log(`${name.padEnd(36)}median ${median} µs, 9th decile ${decile} µs`);
}
