// Loads and stores of fewer than four lanes, so that the end of an array is computed by the same instructions as the rest.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { F32x4, type I32 } from '../assembler/values.ts';

/**
 * `count` lanes (0 to 3) from memory, and `filling` (0 by default) in the others. Reads nothing beyond them.
 */
export function loadPartial(
  f: FunctionBuilder,
  address: Variable<I32>,
  count: Variable<I32>,
  filling = 0,
): Variable<F32x4> {
  const lanes = f.let('partial', F32x4.const(filling));
  f.if(
    count.and(2),
    () => {
      f.set(lanes, F32x4.loadTwo(address).shuffle(lanes, 0, 1, 4, 5));
      f.if(count.and(1), () => f.set(lanes, lanes.withLoaded(2, address, 8)));
    },
    () => f.if(count.and(1), () => f.set(lanes, lanes.withLoaded(0, address))),
  );
  return lanes;
}

/** Writes the first `count` lanes (0 to 3), and nothing beyond them. */
export function storePartial(
  f: FunctionBuilder,
  address: Variable<I32>,
  value: Variable<F32x4>,
  count: Variable<I32>,
): void {
  f.if(
    count.and(2),
    () => {
      f.storePair(address, value, 0);
      f.if(count.and(1), () => f.storeLane(address, value, 2, 8));
    },
    () => f.if(count.and(1), () => f.storeLane(address, value, 0)),
  );
}
