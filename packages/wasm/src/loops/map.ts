// Elementwise loops: the same expression for every element of some arrays.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { F32x4, type I32 } from '../assembler/values.ts';
import { loadPartial, storePartial } from './partial.ts';

/** Arrays by name: the address of the first float32 of each. */
export type Arrays<Names extends string> = Readonly<Record<Names, Variable<I32>>>;

/** Four elements of each array. */
export type Vectors<Names extends string> = Readonly<Record<Names, Variable<F32x4>>>;

/** What a loop reads and writes; an array may be both. */
export interface MapArrays<Inputs extends string, Outputs extends string> {
  readonly inputs: Arrays<Inputs>;
  readonly outputs: Arrays<Outputs>;
}

/**
 * Computes elements 0 to `count` − 1 of the outputs from those of the inputs, four at a time; the last one to three by the
 * same instructions, so that an element's bits don't depend on where it stands. Reads and writes nothing beyond them.
 *
 * `body` is written twice into the function. Outputs are stored after all of a step is computed, in the order of their names.
 */
export function mapVectors<Inputs extends string, Outputs extends string>(
  f: FunctionBuilder,
  count: I32,
  { inputs, outputs }: MapArrays<Inputs, Outputs>,
  body: (inputs: Vectors<Inputs>) => Readonly<Record<Outputs, F32x4>>,
): void {
  const store = (
    results: Readonly<Record<Outputs, F32x4>>,
    write: (name: Outputs, value: Variable<F32x4>) => void,
  ): void => {
    const kept = (Object.keys(outputs) as Outputs[]).map((name) => [name, f.let(name, results[name])] as const);
    for (const [name, value] of kept) write(name, value);
  };
  eachVector(f, count, inputs, (vectors, at, lanes) => {
    store(body(vectors), (name, value) => {
      if (!lanes) f.store(outputs[name].add(at), value);
      else storePartial(f, f.let(`${name}_end`, outputs[name].add(at)), value, lanes);
    });
  });
}

/**
 * Goes through arrays of `count` elements, four at a time: `body` is written once for whole vectors and once for the last
 * `lanes` elements, whose missing lanes are `filling`. `at` is the offset in bytes.
 */
export function eachVector<Inputs extends string>(
  f: FunctionBuilder,
  count: I32,
  inputs: Arrays<Inputs>,
  body: (vectors: Vectors<Inputs>, at: Variable<I32>, lanes: Variable<I32> | undefined) => void,
  filling = 0,
): void {
  const names = Object.keys(inputs) as Inputs[];
  const read = (load: (address: I32) => F32x4): Vectors<Inputs> =>
    Object.fromEntries(names.map((name) => [name, f.let(name, load(inputs[name]))])) as unknown as Vectors<Inputs>;
  const total = f.let('total', count);
  const end = f.let('end', total.and(-4).shl(2));
  const at = f.let('at', total.and(0));
  f.while(
    () => at.ltU(end),
    () => {
      body(
        read((array) => F32x4.load(array.add(at))),
        at,
        undefined,
      );
      f.set(at, at.add(16));
    },
  );
  const lanes = f.let('lanes', total.and(3));
  f.if(lanes, () => {
    body(
      read((array) => loadPartial(f, f.let('from', array.add(at)), lanes, filling)),
      at,
      lanes,
    );
  });
}
