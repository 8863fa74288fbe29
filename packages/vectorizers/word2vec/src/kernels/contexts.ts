// Which kept words lie in whose window.
import { type FunctionBuilder, I32, type ModuleBuilder, type Variable, type WasmFunction } from '@unrolled/wasm';
import type { Layout, Plan } from './layout.ts';

const signature = { at: I32, list: I32 };

/** `contexts(at, list)`: writes the addresses of the words that make a pair with the one at `at`, and gives their number. */
export type Contexts = WasmFunction<typeof signature, I32>;

/**
 * Adds the function. The window is that of the word which is predicted: in skip-gram each neighbour's own, since the word here
 * predicts its neighbours; in CBOW this word's, whom its neighbours predict.
 */
export function contextsFunction(module: ModuleBuilder, plan: Plan, layout: Layout): Contexts {
  return module.function('contexts', signature, (f, { at, list }) => {
    const to = f.let('to', list);
    const limit =
      plan.mode === 'cbow'
        ? f.let('limit', I32.load(at, layout.reach - layout.kept).shl(2))
        : f.let('limit', I32.const(4 * plan.window));
    for (const step of [-4, 4]) oneSide(f, { at, limit, to, step }, plan, layout);
    return to.sub(list).shrU(2);
  });
}

interface Side {
  readonly at: Variable<I32>;
  /** Bytes that the window reaches. */
  readonly limit: Variable<I32>;
  readonly to: Variable<I32>;
  readonly step: number;
}

function oneSide(f: FunctionBuilder, { at, limit, to, step }: Side, plan: Plan, layout: Layout): void {
  const other = f.let('other', at.add(step));
  const distance = f.let('distance', I32.const(4));
  f.block('side', (side) => {
    f.loop('neighbour', (again) => {
      side.goIf(distance.gtU(limit));
      side.goIf(I32.load(other).ltS(0));
      f.store(to, other);
      const pairs =
        plan.mode === 'cbow' ? I32.const(1) : distance.leU(I32.load(other, layout.reach - layout.kept).shl(2));
      f.set(to, to.add(pairs.shl(2)));
      f.set(other, other.add(step));
      f.set(distance, distance.add(4));
      again.go();
    });
  });
}
