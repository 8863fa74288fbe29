// What both ways of training share: parts of a module, and what a thread and a position have of their own.
import { F32, type FunctionBuilder, I32, I64, type ModuleBuilder, type Variable } from '@unrolled/wasm';
import { type Contexts, contextsFunction } from './contexts.ts';
import { header, type Layout, type Plan } from './layout.ts';
import { type OutputFunctions, outputFunctions } from './outputs.ts';
import { type Predict, predictFunctions } from './predict.ts';
import { mix, STEP } from './random.ts';
import { type RowFunctions, rowFunctions } from './rows.ts';

/** Parts that a training function is put together from. */
export interface Parts {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly rows: RowFunctions;
  readonly contexts: Contexts;
  readonly outputs: OutputFunctions;
  readonly predict: Predict;
}

/** Adds the parts to a module. */
export function partsOf(module: ModuleBuilder, plan: Plan, layout: Layout): Parts {
  const rows = rowFunctions(module, plan);
  return {
    ...{ plan, layout, rows },
    contexts: contextsFunction(module, plan, layout),
    outputs: outputFunctions(module, plan, layout),
    predict: predictFunctions(module, plan, rows),
  };
}

/** Addresses of a thread's own scratch. */
export type Scratch = ReturnType<typeof scratchOf>;

/** The scratch of `thread`. */
export function scratchOf(f: FunctionBuilder, thread: I32, { threadScratch, scratch }: Layout) {
  const base = f.let('scratch', thread.mul(scratch.bytes).add(threadScratch));
  const at = (name: string, offset: number): Variable<I32> => f.let(name, base.add(offset));
  return {
    contexts: at('contexts', scratch.contexts),
    inputs: at('inputs', scratch.inputs),
    rows: at('rows', scratch.rows),
    weights: at('weights', scratch.weights),
    errors: at('errors', scratch.errors),
    hidden: at('hidden', scratch.hidden),
    error: at('error', scratch.error),
  };
}

/** Learning rate at an entry of the buffer: it falls from word to word. */
export function rateAt(entry: I32): F32 {
  const from = I32.load(I32.const(header.from));
  const fallen = F32.load(I32.const(header.fall)).mul(entry.sub(from).toF32());
  return F32.load(I32.const(header.rate)).sub(fallen);
}

/** State of the noise of an entry of the buffer: what it draws depends on its place in the run alone. */
export function noiseState(f: FunctionBuilder, entry: I32): Variable<I64> {
  const key = I64.load(I32.const(header.noiseKey));
  return mix(f, key.add(entry.toI64U().mul(I64.const(STEP))));
}
