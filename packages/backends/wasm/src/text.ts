// What a network is compiled to, as text for people: the schedule of a call and its WebAssembly module.
import { choice, defineOptions, type NetworkDescription, parseOptions } from '@unrolled/core';
import { printSchedule, requireOptimizer } from '@unrolled/equations';
import { sharedPool } from '@unrolled/wasm';
import { WasmExecutable } from './executable.ts';
import type { CallKind } from './plan.ts';

/** Which call of a network is shown. */
export interface TextOptions {
  /**
   * `forward`: the output, the final states and, where the network has one, the loss. `gradients`: besides these the
   * gradients of parameters, inputs and initial states. `train`: a training step, with clipping and optimizer; unless given.
   */
  readonly call?: 'forward' | 'gradients' | 'train';
}

const textOptions = /* @__PURE__ */ defineOptions<Required<TextOptions>>({
  call: /* @__PURE__ */ choice('train', ['forward', 'gradients', 'train'], 'Which call is shown'),
});

/**
 * The schedule that a call is compiled from: what runs in which order, what as one piece, and where its numbers are.
 *
 * A line for each piece of work: `@` is a product of matrices, `|` separates what is computed side by side as one, `+=` adds
 * to what stands there; what is `fused` is one loop over memory. `b14.8[t]` is buffer 14 from its number 8 on, in the row of
 * the step (`[b]` of the sequence, `[s]` of the second index, `[t,s]` of both), `∂` a gradient, `%39` a value in a register.
 * @throws EquationError; UnrolledError `OPTION_INVALID`; `OPTIMIZER_MISSING` for a training step of a network without an optimizer
 */
export async function scheduleText(network: NetworkDescription, options: TextOptions = {}): Promise<string> {
  return described(network, options, ({ schedule }) => printSchedule(schedule));
}

/**
 * The WebAssembly module of a call in the text format (WAT), as it runs on one thread: its export `run` does the whole call.
 * @throws EquationError; UnrolledError `OPTION_INVALID`; `OPTIMIZER_MISSING` for a training step of a network without an
 * optimizer; `MEMORY_REFUSED`
 */
export async function moduleText(network: NetworkDescription, options: TextOptions = {}): Promise<string> {
  return described(network, options, ({ compiled }) => compiled.module.toText());
}

async function described(
  network: NetworkDescription,
  options: TextOptions,
  print: (compiled: ReturnType<WasmExecutable['compile']>) => string,
): Promise<string> {
  const { call } = parseOptions(textOptions, options, 'text of a network');
  if (call === 'train') requireOptimizer(network.optimizer);
  const executable = new WasmExecutable(network, { pool: sharedPool(1), threads: 1, relaxed: false });
  try {
    return print(executable.compile(kindOf(call, network.loss !== undefined), call === 'train'));
  } finally {
    executable.dispose();
  }
}

function kindOf(call: NonNullable<TextOptions['call']>, loss: boolean): CallKind {
  if (call === 'forward') return { loss };
  const gradients = { output: false, finals: false };
  return call === 'train' ? { loss, gradients } : { loss, gradients, ofInputs: true };
}
