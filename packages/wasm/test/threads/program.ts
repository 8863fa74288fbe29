// A program for threads: rounds that meet at a barrier, and parts that fail, wait and never end.
import { barrier, I32, ModuleBuilder } from '../../src/index.ts';

/** Where the barrier lies. */
export const BARRIER = 64;
const SLOTS = 128;
const STRIDE = 64;
const WRONG = 1024;
/** Where `note` writes, a word for each thread. */
export const NOTES = 2048;

const at = { thread: I32, threads: I32 };

/** The module, over a memory of one page that is shared unless said otherwise; `patience` is the barrier's, in seconds. */
export function testModule({ shared = true, patience = 60 } = {}): WebAssembly.Module {
  const memory = { minimum: 1, maximum: 1, shared, import: { module: 'env', name: 'memory' } };
  const module = new ModuleBuilder({ memory });
  const meet = barrier(module, { patience });
  const address = I32.const(BARRIER);
  const slot = (thread: I32): I32 => thread.mul(STRIDE).add(SLOTS);

  // Each thread writes its number of the round, all meet, each looks at what the others wrote. Workers may always sleep.
  module.export(
    module.function('rounds', { ...at, rounds: I32, mayWait: I32 }, (f, { thread, threads, rounds, mayWait }) => {
      const wrong = f.let('wrong', I32.const(0));
      f.set(mayWait, mayWait.or(thread));
      f.for('round', 0, rounds, 1, (round) => {
        f.store(slot(thread), round.mul(threads).add(thread));
        f.run(meet({ address, threads, mayWait }));
        f.for('other', 0, threads, 1, (other) => {
          f.set(wrong, wrong.add(I32.load(slot(other)).ne(round.mul(threads).add(other))));
        });
        f.run(meet({ address, threads, mayWait }));
      });
      f.store(thread.shl(2).add(WRONG), wrong);
    }),
  );
  module.export(
    module.function('note', { ...at, first: I32, second: I32 }, (f, { thread, threads, first, second }) => {
      f.store(thread.shl(2).add(NOTES), first.add(second).add(threads.mul(100)).add(thread));
    }),
  );
  // One thread divides by zero, the others wait for it.
  module.export(
    module.function('divide', { ...at, failing: I32, mayWait: I32 }, (f, { thread, threads, failing, mayWait }) => {
      f.store(I32.const(NOTES), I32.const(7).divU(thread.ne(failing)));
      f.run(meet({ address, threads, mayWait }));
    }),
  );
  // One thread never comes.
  module.export(
    module.function(
      'meet_without',
      { ...at, missing: I32, mayWait: I32 },
      (f, { thread, threads, missing, mayWait }) => {
        f.if(thread.ne(missing), () => f.run(meet({ address, threads, mayWait })));
      },
    ),
  );
  // One thread never ends.
  module.export(
    module.function('linger', { ...at, lingering: I32 }, (f, { thread, lingering }) => {
      f.while(
        () => thread.eq(lingering),
        () => f.run(I32.atomicAdd(I32.const(NOTES), 1)),
      );
    }),
  );
  return new WebAssembly.Module(module.toBinary());
}

/** A memory for it. */
export function testMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
}

/** What each thread found wrong in `rounds`. */
export function wrongs({ buffer }: WebAssembly.Memory, threads: number): number[] {
  return [...new Int32Array(buffer, WRONG, threads)];
}
