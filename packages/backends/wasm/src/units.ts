// Loops over the units of one row, written out for a number of units that is known.
import { type F32x4, type FunctionBuilder, I32, loadPartial, storePartial, type Variable } from '@unrolled/wasm';

/** Goes through `units` numbers four at a time; the body is written once for whole vectors and once for a rest. */
export function eachUnits(f: FunctionBuilder, units: number, body: (at: Variable<I32>, lanes: number) => void): void {
  const whole = 16 * Math.floor(units / 4);
  if (whole > 0) f.for('unit', 0, whole, 16, (at) => body(at, 4));
  if (units % 4 > 0) body(f.let('rest', I32.const(whole)), units % 4);
}

/** Reads nothing beyond the last unit. */
export function loadUnits(
  f: FunctionBuilder,
  load: (address: I32) => F32x4,
  address: I32,
  lanes: number,
): Variable<F32x4> {
  if (lanes === 4) return f.let('units', load(address));
  return loadPartial(f, f.let('from', address), f.let('lanes', I32.const(lanes)));
}

/** Writes nothing beyond the last unit. */
export function storeUnits(f: FunctionBuilder, address: I32, value: F32x4, lanes: number): void {
  if (lanes === 4) f.store(address, value);
  else storePartial(f, f.let('to', address), f.let('units', value), f.let('lanes', I32.const(lanes)));
}
