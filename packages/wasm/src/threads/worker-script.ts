// What a worker runs, as text: it needs no file, so it works from source, from a package, under a bundler and in a plain page.
import { layout } from './layout.ts';

/** Plain JavaScript for Node's workers and those of browsers. */
export const workerScript: string = `'use strict';
const layout = ${JSON.stringify(layout)};
const port = globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort ?? self;
const programs = new Map();
let thread, threads, word, words, numbers, text;

port.onmessage = ({ data: { id, kind, ...message } }) => {
  try {
    actions[kind](message);
    port.postMessage({ id });
  } catch (error) {
    port.postMessage({ id, error: String(error) });
  }
  Atomics.sub(words, word, layout.message);
  work();
};

const actions = {
  open({ control, ...place }) {
    ({ thread, threads, word } = place);
    words = new Int32Array(control);
    numbers = new Float64Array(control, layout.numbersAt, layout.numbers);
    text = new Uint8Array(control, layout.textAt, layout.textBytes);
  },
  load({ program, module, memory, barrier }) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const functions = WebAssembly.Module.exports(module).map(({ name }) => exports[name]);
    programs.set(program, { functions, memory, barrier });
  },
  unload({ program }) {
    programs.delete(program);
  },
};

// Does jobs until a message waits, which only the event loop can bring.
function work() {
  while (awaitWord() & layout.run) run();
}

function awaitWord() {
  for (;;) {
    for (let spin = 0; spin < layout.spins; spin++) {
      const value = Atomics.load(words, word);
      if (value !== 0) return value;
    }
    Atomics.wait(words, word, 0);
  }
}

function run() {
  const program = programs.get(words[layout.program]);
  try {
    program.functions[words[layout.function]](thread, threads, ...numbers.subarray(0, words[layout.count]));
  } catch (error) {
    fail(program, error);
  }
  Atomics.and(words, word, ~layout.run);
  Atomics.notify(words, word);
}

// Keeps the first error, and frees the threads that wait at the program's barrier.
function fail({ memory, barrier }, error) {
  if (Atomics.compareExchange(words, layout.failed, 0, thread + 1) === 0) {
    const told = [error?.name ?? 'Error', error?.message ?? String(error), error?.stack ?? ''].join('\\0');
    const bytes = new TextEncoder().encode(told).subarray(0, layout.textBytes);
    text.set(bytes);
    words[layout.textLength] = bytes.length;
  }
  if (barrier === undefined) return;
  const barrierWords = new Int32Array(memory.buffer, barrier, layout.barrierWords);
  Atomics.store(barrierWords, layout.barrierFailed, 1);
  Atomics.notify(barrierWords, layout.barrierGeneration);
}
`;
