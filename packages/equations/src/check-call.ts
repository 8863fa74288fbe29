// Checks what a call of an executable needs besides a batch and a state.
import { type Batch, type RandomKey, UnrolledError } from '@unrolled/core';
import type { Network } from './network.ts';

/** @throws UnrolledError `EXECUTABLE_DISPOSED` where it was disposed */
export function checkAlive(disposed: boolean): void {
  if (!disposed) return;
  throw new UnrolledError('EXECUTABLE_DISPOSED', 'This executable was disposed.', {
    mend: 'Compile the network again.',
  });
}

/**
 * The key that a forward call draws its masks with; `undefined` in inference, where masks are their expectation.
 * @throws UnrolledError `KEY_MISSING` in training without a key
 */
export function maskKey(mode: 'train' | 'infer', key: RandomKey | undefined): RandomKey | undefined {
  if (mode !== 'train') return undefined;
  if (key) return key;
  throw new UnrolledError('KEY_MISSING', 'Forward in mode "train" draws random masks, but no key was given.', {
    mend: 'Give { key: { seed, update } }, or use mode "infer".',
  });
}

/** @throws UnrolledError `BATCH_WITHOUT_TARGETS` where a training step is to be made without targets and weights */
export function checkTargets({ targets, weights }: Batch): void {
  if (!targets || !weights)
    throw new UnrolledError('BATCH_WITHOUT_TARGETS', 'A training step needs targets and weights.');
}

/** The optimizer that a training step needs. @throws UnrolledError `OPTIMIZER_MISSING` where there is none */
export function requireOptimizer<T>(optimizer: T | undefined): T {
  if (optimizer !== undefined) return optimizer;
  throw new UnrolledError(
    'OPTIMIZER_MISSING',
    'This network was compiled without an optimizer, so it can only predict.',
    { mend: 'Name an optimizer in the manifest.' },
  );
}

/** @throws UnrolledError `STEPS_INVALID` where a number of steps that states are asked after is not a whole one from 0 */
export function checkStatesAt(steps: readonly number[] = []): void {
  const wrong = steps.find((count) => !(Number.isInteger(count) && count >= 0));
  if (wrong === undefined) return;
  throw new UnrolledError('STEPS_INVALID', `States can't be given after ${wrong} steps.`, {
    mend: 'Ask in statesAt for whole numbers from 0, which is the state that was given.',
  });
}

/** Ids of the values of these names, in their order. @throws UnrolledError `TRACE_UNKNOWN` for a name that is none's */
export function tracedValues({ named }: Network, names: readonly string[]): readonly number[] {
  return names.map((name) => {
    const id = named.get(name);
    if (id !== undefined) return id;
    const known = [...named.keys()].join(', ');
    throw new UnrolledError('TRACE_UNKNOWN', `There is no value "${name}" to trace; there are ${known}.`);
  });
}
