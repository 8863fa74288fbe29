// Checks what a call of an executable needs besides a batch and a state.
import { type Batch, type NetworkDescription, type RandomKey, UnrolledError } from '@unrolled/core';
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
 * @throws UnrolledError `MODE_INVALID`, `KEY_INVALID`; `KEY_MISSING` in training without a key
 */
export function maskKey(mode: 'train' | 'infer', key: RandomKey | undefined): RandomKey | undefined {
  if (mode === 'infer') return undefined;
  if (mode !== 'train')
    throw new UnrolledError('MODE_INVALID', `Forward was asked for in mode ${JSON.stringify(mode)}.`, {
      mend: 'Say "train", which draws random masks, or "infer", which takes their expectation.',
    });
  if (key) {
    checkKey(key);
    return key;
  }
  throw new UnrolledError('KEY_MISSING', 'Forward in mode "train" draws random masks, but no key was given.', {
    mend: 'Give { key: { seed, update } }, or use mode "infer".',
  });
}

/**
 * Checks what a training step needs.
 * @throws UnrolledError `BATCH_WITHOUT_TARGETS` without targets and weights; `LEARNING_RATE_INVALID` for one that is no number of at
 * least 0; `KEY_INVALID`
 */
export function checkTrainStep(
  { targets, weights }: Batch,
  { key, learningRate }: { readonly key: RandomKey; readonly learningRate: number },
): void {
  if (!targets || !weights)
    throw new UnrolledError('BATCH_WITHOUT_TARGETS', 'A training step needs targets and weights.', {
      mend: 'Give both in the batch, or use forward.',
    });
  if (!(Number.isFinite(learningRate) && learningRate >= 0))
    throw new UnrolledError('LEARNING_RATE_INVALID', `A training step was given a learning rate of ${learningRate}.`, {
      mend: 'Give a number of at least 0, such as 0.001.',
    });
  checkKey(key);
}

/** @throws UnrolledError `KEY_INVALID` where it is not two whole numbers of at least 0 */
function checkKey(key: RandomKey): void {
  const { seed, update } = (key ?? {}) as Partial<RandomKey>;
  const fits = [seed, update].every((value) => Number.isSafeInteger(value) && (value as number) >= 0);
  if (fits) return;
  throw new UnrolledError('KEY_INVALID', `Random masks were to be drawn for seed ${seed} and update ${update}.`, {
    mend: 'Give { key: { seed, update } } with whole numbers of at least 0.',
  });
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

/**
 * @throws UnrolledError `STEPS_INVALID` where a number of steps that states are asked after is not a whole one from 0, or the
 * network has a source, which is read whole
 */
export function checkStatesAt(
  steps: readonly number[] | undefined,
  { source }: Pick<NetworkDescription, 'source'> = {},
): void {
  if (source && steps)
    throw new UnrolledError('STEPS_INVALID', 'A network with a source has no states after some of its steps.', {
      mend: 'Leave statesAt out; hand the memory to a network of one decoder step instead.',
    });
  const wrong = steps?.find((count) => !(Number.isInteger(count) && count >= 0));
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
    throw new UnrolledError('TRACE_UNKNOWN', `There is no value "${name}" to trace; there are ${known}.`, {
      mend: 'Name some of those.',
    });
  });
}
