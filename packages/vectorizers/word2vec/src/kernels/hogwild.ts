// Training where every thread changes the weights at once: one after the other with one thread, without locks with several.
import { F32, type FunctionBuilder, I32, type ModuleBuilder, type Variable } from '@unrolled/wasm';
import { eachRow, type InputList, rowOf, rowsOfContexts, rowsOfWord, shareOf, writeBag } from './inputs.ts';
import { header } from './layout.ts';
import { noiseState, type Parts, rateAt, type Scratch, scratchOf } from './shared.ts';

/** Entries that a thread takes at a time: few, since at the end of a chunk the others wait for the last. */
const TAKEN = 32;

/**
 * Adds `train(thread, threads)`: trains the entries `from` to `to` of the header.
 *
 * Source: Niu, Recht, Ré and Wright 2011, Hogwild!: a lock-free approach to parallelizing stochastic gradient descent.
 */
export function hogwildFunction(module: ModuleBuilder, parts: Parts): void {
  const { layout, plan } = parts;
  const train = module.function('train', { thread: I32, threads: I32 }, (f, { thread }) => {
    const scratch = scratchOf(f, thread, layout);
    const to = f.let('to', I32.load(I32.const(header.to)));
    const begin = f.local('begin', I32);
    f.loop('take', (again) => {
      f.set(begin, I32.atomicAdd(I32.const(header.next), TAKEN));
      f.if(begin.ltU(to), () => {
        const end = begin.add(TAKEN);
        const last = f.let('last', end);
        f.set(last, last.ltU(to).select(last, to));
        f.for('entry', begin, last, 1, (entry) => {
          const at = f.let('at', entry.shl(2).add(layout.kept));
          const word = f.let('word', I32.load(at));
          f.if(word.geS(0), () => {
            const place = { entry, at, word, scratch };
            if (plan.mode === 'skip-gram') skipGram(f, parts, place);
            else cbow(f, parts, place);
          });
        });
        again.go();
      });
    });
  });
  module.export(train);
}

/** An entry of the buffer that is trained. */
interface Place {
  readonly entry: Variable<I32>;
  /** Its address. */
  readonly at: Variable<I32>;
  readonly word: Variable<I32>;
  readonly scratch: Scratch;
}

/** The word predicts each of its neighbours. Words of one row move after each of them, those of several after all. */
function skipGram(f: FunctionBuilder, parts: Parts, { entry, at, word, scratch }: Place): void {
  const { plan, layout, rows, contexts, outputs, predict } = parts;
  const count = f.let('pairs', contexts({ at, list: scratch.contexts }));
  const rate = f.let('rate', rateAt(entry));
  const state = noiseState(f, entry);
  const several = plan.subwordEntries > 0;
  const list = several ? rowsOfWord(f, word, layout) : undefined;
  const hidden = f.let('hidden_at', list ? scratch.hidden : rowOf(word, layout));
  const error = f.let('error_at', predict.inPlace && !list ? hidden : scratch.error);
  if (list) {
    writeBag(f, hidden, list, plan, rows);
    f.fill(error, 0, layout.stride);
  }
  f.for('pair', scratch.contexts, scratch.contexts.add(count.shl(2)), 4, (pair) => {
    const neighbour = f.let('neighbour', I32.load(I32.load(pair)));
    const found = outputs.find(f, neighbour, state, scratch);
    if (!list && !predict.inPlace) f.fill(error, 0, layout.stride);
    predict.update(f, { outputs: found, hidden, error, errors: scratch.errors, rate });
    if (!list && !predict.inPlace) f.run(rows.add({ to: hidden, vector: error, scale: F32.const(1) }));
  });
  if (list) addToAll(f, parts, list, error);
}

/** The neighbours together predict the word. */
function cbow(f: FunctionBuilder, parts: Parts, { entry, at, word, scratch }: Place): void {
  const { plan, layout, rows, contexts, outputs, predict } = parts;
  const count = f.let('neighbours', contexts({ at, list: scratch.contexts }));
  f.if(count, () => {
    const rate = f.let('rate', rateAt(entry));
    const state = noiseState(f, entry);
    const list = rowsOfContexts(f, { contexts: scratch.contexts, count, to: scratch.inputs }, plan, layout);
    writeBag(f, scratch.hidden, list, plan, rows);
    f.fill(scratch.error, 0, layout.stride);
    const found = outputs.find(f, word, state, scratch);
    predict.update(f, { outputs: found, ...scratch, rate });
    addToAll(f, parts, list, scratch.error);
  });
}

function addToAll(f: FunctionBuilder, { plan, rows }: Parts, list: InputList, error: Variable<I32>): void {
  const scale = shareOf(f, list, plan);
  eachRow(f, list, (row) => f.run(rows.add({ to: row, vector: error, scale })));
}
