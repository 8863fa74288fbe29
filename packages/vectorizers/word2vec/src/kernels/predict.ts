// One prediction: scores of the outputs, errors of the scores, and what follows for the rows.
import { F32, F32x4, type FunctionBuilder, I32, type ModuleBuilder, sigmoid, type Variable } from '@unrolled/wasm';
import { PATH_TILE, type Plan } from './layout.ts';
import type { Outputs } from './outputs.ts';
import { type RowFunctions, tilesOf } from './rows.ts';

/** From here on a score counts as certain. */
const CERTAIN = 6;

/** What a prediction works on. */
export interface Prediction {
  readonly outputs: Outputs;
  /** Address of the hidden vector. */
  readonly hidden: Variable<I32>;
  /** Address of a vector to which the error is added. */
  readonly error: Variable<I32>;
  /** Where errors of scores are written, times the rate. */
  readonly errors: Variable<I32>;
  readonly rate: Variable<F32>;
}

/** Writes the code of predictions. */
export interface Predict {
  /** Changes the output rows, and adds to the error. */
  readonly update: (f: FunctionBuilder, prediction: Prediction) => void;
  /** Adds to the error alone. */
  readonly score: (f: FunctionBuilder, prediction: Prediction) => void;
  /** Whether the error may be the hidden vector itself, which then moves at once. */
  readonly inPlace: boolean;
}

/** Adds what predictions need to a module. */
export function predictFunctions(module: ModuleBuilder, plan: Plan, rows: RowFunctions): Predict {
  const tiles = tilesOf(plan.negatives + 1);
  const hierarchical = plan.softmax === 'hierarchical';
  const errorsOf = errorFunction(module, plan);
  const eachTile = (
    f: FunctionBuilder,
    { outputs, errors }: Prediction,
    body: (tile: ReturnType<RowFunctions['tile']>, lists: { rows: I32; errors: I32 }) => void,
  ): void => {
    if (hierarchical) {
      const tile = rows.tile(PATH_TILE);
      f.for('node', 0, outputs.count.shl(2), 4 * PATH_TILE, (at) =>
        body(tile, { rows: outputs.rows.add(at), errors: errors.add(at) }),
      );
      return;
    }
    let at = 0;
    for (const size of tiles) {
      body(rows.tile(size), { rows: outputs.rows.add(at), errors: errors.add(at) });
      at += 4 * size;
    }
  };
  const scores = (f: FunctionBuilder, prediction: Prediction): void => {
    const { outputs, errors, hidden, rate } = prediction;
    eachTile(f, prediction, ({ dots }, lists) => f.run(dots({ vector: hidden, rows: lists.rows, to: lists.errors })));
    const { labels, weights, count } = outputs;
    f.run(errorsOf({ errors, labels, weights, count, rate }));
  };
  return {
    update: (f, prediction) => {
      scores(f, prediction);
      const { hidden, error } = prediction;
      eachTile(f, prediction, ({ spread }, lists) =>
        f.run(spread({ vector: hidden, error, rows: lists.rows, factors: lists.errors })),
      );
    },
    score: (f, prediction) => {
      scores(f, prediction);
      const { error } = prediction;
      eachTile(f, prediction, ({ gather }, lists) => f.run(gather({ error, rows: lists.rows, factors: lists.errors })));
    },
    inPlace: !hierarchical && tiles.length === 1,
  };
}

const signature = { errors: I32, labels: I32, weights: I32, count: I32, rate: F32 };

/** Adds `errors_of(errors, labels, weights, count, rate)`: scores become (label − σ(score)) · weight · rate, four at a time. */
function errorFunction(module: ModuleBuilder, { softmax, negatives, profile }: Plan) {
  return module.function('errors_of', signature, (f, { errors, labels, weights, count, rate }) => {
    const wide = f.let('wide', rate.splat());
    const compute = (offset: number): void => {
      const score = f.let('score', F32x4.load(errors, offset));
      const probability = f.let('probability', sigmoid(f, score));
      const beyond = (test: 'ge' | 'gt') => score.abs()[test](F32x4.const(CERTAIN));
      if (profile === 'word2vec.c' && softmax === 'negative-sampling') {
        const certain = score.gt(0).select(F32x4.const(1), F32x4.const(0));
        f.set(probability, beyond('gt').select(certain, probability));
      }
      const error = f.let('error', F32x4.load(labels, offset).sub(probability).mul(F32x4.load(weights, offset)));
      if (profile === 'gensim' || (profile === 'word2vec.c' && softmax === 'hierarchical'))
        f.set(error, beyond('ge').select(F32x4.const(0), error));
      f.store(errors, error.mul(wide), offset);
    };
    if (softmax === 'negative-sampling') {
      const vectors = Array.from({ length: Math.ceil((negatives + 1) / 4) }, (_, vector) => 16 * vector);
      for (let i = 0; i < vectors.length; i += 2)
        f.interleave(vectors.slice(i, i + 2).map((offset) => () => compute(offset)));
      return;
    }
    f.for('left', 0, count, 4, () => {
      compute(0);
      f.set(errors, errors.add(16));
      f.set(labels, labels.add(16));
      f.set(weights, weights.add(16));
    });
  });
}
