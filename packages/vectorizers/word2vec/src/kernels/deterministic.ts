// Training with the same bits for any number of threads: batches of entries against the same weights, then each row by one owner.
import { barrier, F32, type FunctionBuilder, I32, type ModuleBuilder, type Variable } from '@unrolled/wasm';
import { eachRow, type InputList, rowOf, rowsOfContexts, rowsOfWord, shareOf, writeBag } from './inputs.ts';
import { header } from './layout.ts';
import type { OutputLists } from './outputs.ts';
import { noiseState, type Parts, rateAt, type Scratch, scratchOf } from './shared.ts';

/**
 * Adds `train(thread, threads, mayWait)`: trains the entries `from` to `to` of the header, a batch at a time.
 *
 * First the threads share a batch's entries: against the same weights each entry gets its hidden vector, the errors of its
 * outputs and the error of its hidden vector. Then every row of the weights has one owner, who adds what the entries bring, in
 * their order. So what a row becomes does not depend on who owns it.
 */
export function deterministicFunction(module: ModuleBuilder, parts: Parts): void {
  const { layout, plan } = parts;
  const meet = barrier(module);
  const signature = { thread: I32, threads: I32, mayWait: I32 };
  const train = module.function('train', signature, (f, { thread, threads, mayWait }) => {
    const scratch = scratchOf(f, thread, layout);
    const to = f.let('to', I32.load(I32.const(header.to)));
    const wait = () => f.run(meet({ address: I32.const(header.barrier), threads, mayWait: mayWait.or(thread) }));
    f.for('batch', I32.load(I32.const(header.from)), to, plan.batch, (batch) => {
      const left = f.let('left', to.sub(batch));
      const size = f.let('size', left.ltU(plan.batch).select(left, I32.const(plan.batch)));
      const first = f.let('first', thread.mul(size).divU(threads));
      const last = f.let('last', thread.add(1).mul(size).divU(threads));
      f.for('slot', first, last, 1, (slot) => computeEntry(f, parts, placeOf(f, parts, batch, slot, scratch)));
      wait();
      const owned = (row: I32): I32 => owner(row, threads).eq(thread);
      f.for('slot', 0, size, 1, (slot) => applyEntry(f, parts, placeOf(f, parts, batch, slot, scratch), owned));
      wait();
    });
  });
  module.export(train);
}

/** Who changes a row: spread evenly by a hash of its address. */
function owner(row: I32, threads: I32): I32 {
  return row.mul(0x9e3779b1).shrU(16).mul(threads).shrU(16);
}

/** An entry of the buffer in its batch. */
interface Place {
  readonly entry: Variable<I32>;
  /** Its address. */
  readonly at: Variable<I32>;
  readonly word: Variable<I32>;
  /** What it leaves behind: the number of its pairs, then the pairs. */
  readonly record: Variable<I32>;
  readonly hidden: Variable<I32>;
  readonly error: Variable<I32>;
  readonly scratch: Scratch;
}

function placeOf(f: FunctionBuilder, { layout }: Parts, batch: I32, slot: I32, scratch: Scratch): Place {
  const entry = f.let('entry', batch.add(slot));
  const at = f.let('at', entry.shl(2).add(layout.kept));
  return {
    ...{ entry, at, scratch },
    word: f.let('word', I32.load(at)),
    record: f.let('record', slot.mul(layout.recordBytes).add(layout.records)),
    hidden: f.let('hidden_at', slot.mul(layout.stride).add(layout.hiddens)),
    error: f.let('error_at', slot.mul(layout.stride).add(layout.errors)),
  };
}

/** Computes what an entry brings, and changes no weight. */
function computeEntry(f: FunctionBuilder, parts: Parts, place: Place): void {
  const { plan, layout, rows, contexts } = parts;
  const { entry, at, word, record, hidden, error, scratch } = place;
  f.store(record, I32.const(0), layout.record.pairs);
  f.if(word.geS(0), () => {
    const count = f.let('neighbours', contexts({ at, list: scratch.contexts }));
    f.if(count, () => {
      const rate = f.let('rate', rateAt(entry));
      const state = noiseState(f, entry);
      f.fill(error, 0, layout.stride);
      const pair = f.let('pair', record.add(layout.record.pair));
      const compute = (predicted: Variable<I32>): void => {
        f.store(pair, predicted, layout.pair.word);
        const found = parts.outputs.find(f, predicted, state, listsOf(parts, pair));
        const errors = f.let('errors', pair.add(layout.pair.errors));
        parts.predict.score(f, { outputs: found, hidden, error, errors, rate });
        f.set(pair, pair.add(layout.pair.bytes));
      };
      if (plan.mode === 'skip-gram') {
        if (plan.subwordEntries > 0) writeBag(f, hidden, rowsOfWord(f, word, layout), plan, rows);
        else f.copy(hidden, rowOf(word, layout), layout.stride);
        f.store(record, count, layout.record.pairs);
        f.for('context', scratch.contexts, scratch.contexts.add(count.shl(2)), 4, (context) =>
          compute(f.let('neighbour', I32.load(I32.load(context)))),
        );
      } else {
        f.store(record, I32.const(1), layout.record.pairs);
        const to = record.add(layout.record.inputs);
        const list = rowsOfContexts(f, { contexts: scratch.contexts, count, to }, plan, layout);
        f.store(record, list.count, layout.record.inputCount);
        writeBag(f, hidden, list, plan, rows);
        compute(word);
      }
    });
  });
}

function listsOf({ layout }: Parts, pair: Variable<I32>): OutputLists {
  return { rows: pair.add(layout.pair.rows), weights: pair.add(layout.pair.weights) };
}

/** Adds what an entry brings to those of its rows that are `owned`. */
function applyEntry(f: FunctionBuilder, parts: Parts, place: Place, owned: (row: I32) => I32): void {
  const { layout, rows } = parts;
  const { record, hidden } = place;
  const pairs = f.let('pairs', I32.load(record, layout.record.pairs));
  f.if(pairs, () => {
    const pair = f.let('pair', record.add(layout.record.pair));
    f.for('index', 0, pairs, 1, () => {
      const predicted = f.let('predicted', I32.load(pair, layout.pair.word));
      const found = parts.outputs.findAgain(f, predicted, listsOf(parts, pair));
      const errors = f.let('errors', pair.add(layout.pair.errors));
      f.for('output', 0, found.count.shl(2), 4, (at) => {
        const row = f.let('row', I32.load(found.rows.add(at)));
        f.if(owned(row), () => {
          f.if(F32.load(found.weights.add(at)).ne(0), () =>
            f.run(rows.add({ to: row, vector: hidden, scale: F32.load(errors.add(at)) })),
          );
        });
      });
      f.set(pair, pair.add(layout.pair.bytes));
    });
    addError(f, parts, place, owned);
  });
}

/** The input rows that a position left behind. */
function inputsOf(f: FunctionBuilder, { layout }: Parts, record: Variable<I32>): InputList {
  return {
    rows: f.let('input_rows', record.add(layout.record.inputs)),
    count: f.let('inputs', I32.load(record, layout.record.inputCount)),
  };
}

function addError(f: FunctionBuilder, parts: Parts, place: Place, owned: (row: I32) => I32): void {
  const { plan, layout, rows } = parts;
  const { word, error, record } = place;
  const addTo = (row: I32, scale: F32): void => f.run(rows.add({ to: row, vector: error, scale }));
  if (plan.mode === 'skip-gram' && plan.subwordEntries === 0) {
    const row = f.let('own_row', rowOf(word, layout));
    f.if(owned(row), () => addTo(row, F32.const(1)));
    return;
  }
  const list = plan.mode === 'skip-gram' ? rowsOfWord(f, word, layout) : inputsOf(f, parts, record);
  const share = shareOf(f, list, plan);
  eachRow(f, list, (row) => f.if(owned(row), () => addTo(row, share)));
}
