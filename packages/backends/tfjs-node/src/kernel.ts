// What a fused kernel takes and gives: whole sequences, in the order in which it goes through their steps.
import type { TfTensor } from '@unrolled/tfjs';
import type { Ops } from './ops.ts';

/** What a kernel computes from. */
export interface Given {
  /** `[time, batch, size]` */
  readonly x: TfTensor;
  /** Each state before the first step, `[batch, units]`. */
  readonly states: readonly TfTensor[];
  /** The gates' matrices of the input and of the hidden state, side by side, one gate below the other: `[gates · units, size + units]`. */
  readonly weights: TfTensor;
  /** The gates' biases, one after the other: `[gates · units]`. */
  readonly biases: TfTensor;
}

/** What a kernel has computed. */
export interface Computed {
  /** Each state after every step, `[time, batch, units]`. */
  readonly states: readonly TfTensor[];
  /** Tensors besides those given that the gradient reads. */
  readonly saved: readonly TfTensor[];
  /** Gradients of what was given, by those of the states. */
  readonly gradient: (states: readonly StateGradient[]) => Given;
}

/** The gradient of a state; what is undefined stands for zeros. */
export interface StateGradient {
  /** After every step, `[time, batch, units]`. */
  readonly steps: TfTensor | undefined;
  /** Of what is after the last step besides, `[batch, units]`. */
  readonly last: TfTensor | undefined;
}

/** A cell's steps over whole sequences. */
export type Kernel = (ops: Ops, given: Given) => Computed;

/** Sizes of a sequence. */
export function sizesOf({ x, states }: Given) {
  const [time = 0, batch = 0, size = 0] = x.shape;
  const units = states[0]?.shape[1] ?? 0;
  return { time, batch, size, units };
}

/** The gradient of a state as what there is to be added at each step; undefined where that is nothing. */
export function byStep(ops: Ops, { steps, last }: StateGradient, time: number): (step: number) => TfTensor | undefined {
  const elements = steps && ops.elements(steps);
  return (step) => {
    const here = elements?.[step];
    if (step < time - 1 || !last) return here;
    return here ? ops.add(here, last) : last;
  };
}

/** The sum of tensors, of which some may be missing. */
export function sumOf(ops: Ops, a: TfTensor | undefined, b: TfTensor | undefined): TfTensor | undefined {
  return a && b ? ops.add(a, b) : (a ?? b);
}

/** The hidden state before every step as rows: `[time · batch, units]`. */
export function before(ops: Ops, first: TfTensor, after: TfTensor): TfTensor {
  const [time = 0, batch = 0, units = 0] = after.shape;
  const rows = ops.reshaped(after, [time * batch, units]);
  if (time === 1) return first;
  const [earlier] = ops.parts(rows, [(time - 1) * batch, batch], 0);
  return ops.joined([first, earlier as TfTensor], 0);
}
