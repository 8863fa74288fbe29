// What a word is predicted by: itself and drawn noise, or the nodes of its path in the Huffman tree.
import { F32, type FunctionBuilder, I32, I64, type ModuleBuilder, type Variable } from '@unrolled/wasm';
import { type Layout, outputsOf, type Plan } from './layout.ts';
import { below, mix, STEP } from './random.ts';

/** Addresses of what a prediction needs of its outputs: lists of rows, of labels and of weights (0: it doesn't count). */
export interface Outputs {
  readonly rows: Variable<I32>;
  readonly labels: Variable<I32>;
  readonly weights: Variable<I32>;
  /** How many there are; filled up to a multiple of four where it is a path. */
  readonly count: Variable<I32>;
}

/** Where lists may be written that are not in a table. */
export interface OutputLists {
  readonly rows: I32;
  readonly weights: I32;
}

/** Finds the outputs of a word. */
export interface OutputFunctions {
  /** Those of `word`; `state` is of the noise, and goes on. */
  readonly find: (f: FunctionBuilder, word: Variable<I32>, state: Variable<I64>, lists: OutputLists) => Outputs;
  /** The same outputs once more, as they were found. */
  readonly findAgain: (f: FunctionBuilder, word: Variable<I32>, lists: OutputLists) => Outputs;
}

/** Adds what is needed to a module. */
export function outputFunctions(module: ModuleBuilder, plan: Plan, layout: Layout): OutputFunctions {
  return plan.softmax === 'hierarchical' ? paths(layout) : noise(module, plan, layout);
}

function paths(layout: Layout): OutputFunctions {
  const findAgain: OutputFunctions['findAgain'] = (f, word) => {
    const entry = f.let('entry', word.shl(2));
    const start = f.let('start', I32.load(entry, layout.pathStarts).shl(2));
    const end = I32.load(entry, layout.pathStarts + 4).shl(2);
    return {
      rows: f.let('rows', start.add(layout.pathRows)),
      labels: f.let('labels', start.add(layout.pathLabels)),
      weights: f.let('weights', start.add(layout.pathWeights)),
      count: f.let('count', end.sub(start).shrU(2)),
    };
  };
  return { find: (f, word) => findAgain(f, word, undefined as never), findAgain };
}

function noise(module: ModuleBuilder, plan: Plan, layout: Layout): OutputFunctions {
  const signature = { word: I32, state: I64, rows: I32, weights: I32 };
  const rowOf = (word: I32): I32 => word.mul(layout.stride).add(layout.output);
  const draw = module.function('draw', signature, (f, { word, state, rows, weights }) => {
    f.store(rows, rowOf(word));
    f.store(weights, F32.const(1));
    for (let k = 1; k <= plan.negatives; k++) {
      f.set(state, state.add(I64.const(STEP)));
      const drawn = mix(f, state);
      const column = f.let('column', below(drawn, I64.const(plan.words)).toI32());
      const entry = f.let('entry', column.shl(3));
      const own = drawn.toI32().leU(I32.load(entry, layout.noise));
      const other = f.let('other', own.select(column, I32.load(entry, layout.noise + 4)));
      f.store(rows, rowOf(other), 4 * k);
      // noise that is the word itself doesn't count
      f.store(weights, other.ne(word).toF32(), 4 * k);
    }
    return state;
  });
  const found = (f: FunctionBuilder, { rows, weights }: OutputLists): Outputs => ({
    rows: f.let('rows', rows),
    weights: f.let('weights', weights),
    labels: f.let('labels', I32.const(layout.labels)),
    count: f.let('count', I32.const(plan.negatives + 1)),
  });
  return {
    find: (f, word, state, lists) => {
      const outputs = found(f, lists);
      f.set(state, draw({ word, state, rows: outputs.rows, weights: outputs.weights }));
      return outputs;
    },
    findAgain: (f, _, lists) => found(f, lists),
  };
}

/** Labels of an output list of negative sampling: the word itself, then noise. */
export function noiseLabels(plan: Plan): Float32Array {
  const labels = new Float32Array(outputsOf(plan));
  labels[0] = 1;
  return labels;
}
