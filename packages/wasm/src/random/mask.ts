// Rows of random masks, the same as those of fillMask in @unrolled/core.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import type { ModuleBuilder, WasmFunction } from '../assembler/module-builder.ts';
import { F32, F32x4, I32, I32x4 } from '../assembler/values.ts';
import { storePartial } from '../loops/partial.ts';
import { type Four, keySchedule, threefry } from './threefry.ts';

const row = {
  to: I32,
  units: I32,
  keyLow: I32,
  keyHigh: I32,
  update: I32,
  site: I32,
  example: I32,
  step: I32,
  threshold: I32,
  high: F32,
};

/**
 * Writes a row of a mask: `units` float32 from the address `to` on, each `high` or 0, and nothing beyond.
 *
 * `keyLow` and `keyHigh` are `maskKey(seed)`, `threshold` is `maskThreshold(probability)` of @unrolled/core; `update`,
 * `site`, `example` and `step` are the position. With `high` a finite number of 0 or more the bits are those of `fillMask`.
 */
export type MaskFunction = WasmFunction<typeof row, undefined>;

/** Adds the function `mask` to a module. */
export function maskFunction(module: ModuleBuilder): MaskFunction {
  return module.function('mask', row, (f, { to, units, high, ...place }) => {
    const schedule = keySchedule(f, [place.keyLow, place.keyHigh, place.update, place.site]);
    const example = f.let('examples', place.example.splat());
    const step = f.let('steps', place.step.splat());
    const threshold = f.let('thresholds', place.threshold.splat());
    const wide = f.let('wide', high.splat());
    const block = f.let('block', countingLanes());
    const left = f.let('left', units);
    f.while(
      () => left,
      () => {
        const words = threefry(f, schedule, [example, step, block, I32x4.const(0)]);
        // A word whose upper 31 bits are below the threshold is a hit: their difference is negative.
        const values = words.map((word) => {
          const hit = word.shrU(1).sub(threshold).shrS(31);
          return f.let('value', hit.and(wide.bits()).asF32x4());
        }) as unknown as Four<Variable<F32x4>>;
        const vectors = transposed(f, values);
        f.if(
          left.geU(16),
          () => {
            for (const [i, vector] of vectors.entries()) f.store(to, vector, 16 * i);
            f.set(to, to.add(64));
            f.set(left, left.sub(16));
          },
          () => storeRest(f, to, left, vectors),
        );
        f.set(block, block.add(4));
      },
    );
  });
}

/** 0, 1, 2, 3 */
function countingLanes(): I32x4 {
  const lanes = [1, 2, 3].map((lane) => [lane, I32.const(lane).asF32()] as const);
  return lanes.reduce<F32x4>((vector, [lane, value]) => vector.withLane(lane, value), F32x4.const(0)).bits();
}

/** Lane i of vector k from lane k of vector i. */
function transposed(f: FunctionBuilder, [a, b, c, d]: Four<Variable<F32x4>>): Four<Variable<F32x4>> {
  const [lowAB, highAB] = [f.let('pairs', a.shuffle(b, 0, 4, 1, 5)), f.let('pairs', a.shuffle(b, 2, 6, 3, 7))];
  const [lowCD, highCD] = [f.let('pairs', c.shuffle(d, 0, 4, 1, 5)), f.let('pairs', c.shuffle(d, 2, 6, 3, 7))];
  return [
    f.let('units', lowAB.shuffle(lowCD, 0, 1, 4, 5)),
    f.let('units', lowAB.shuffle(lowCD, 2, 3, 6, 7)),
    f.let('units', highAB.shuffle(highCD, 0, 1, 4, 5)),
    f.let('units', highAB.shuffle(highCD, 2, 3, 6, 7)),
  ];
}

/**
 * Stores the last one to fifteen units, all of which are then in turn in the first vector. A store of each vector under a
 * condition of its own would make V8 compute it anew there, since it moves what has no effect to where it is used.
 */
function storeRest(f: FunctionBuilder, to: Variable<I32>, left: Variable<I32>, vectors: Four<Variable<F32x4>>): void {
  const [first] = vectors;
  f.while(
    () => left.geU(4),
    () => {
      f.store(to, first);
      for (const [i, next] of vectors.slice(1).entries()) f.set(vectors[i] as Variable<F32x4>, next);
      f.set(to, to.add(16));
      f.set(left, left.sub(4));
    },
  );
  storePartial(f, to, first, left);
  f.set(left, I32.const(0));
}
