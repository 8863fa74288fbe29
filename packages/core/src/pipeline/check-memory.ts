// Whether the batches to come fit the memory that they may take, found out before the first update.
import type { Executable } from '../contracts/executable.ts';
import { isUnrolledError } from '../errors.ts';
import { stepsOf } from './batch.ts';
import { planEpoch } from './epoch-plan.ts';
import type { Session } from './session.ts';

/** What decides which batches come. */
type Plan = Pick<Session, 'settings' | 'training' | 'trainer' | 'executable'>;

/**
 * Checks the batches from `epoch` on against the bound that the backend was compiled with, where the backend can tell.
 * @throws UnrolledError `MEMORY_BUDGET` of the batch that does not fit
 */
export async function checkMemory({ settings, training, trainer, executable }: Plan, epoch: number): Promise<void> {
  const { summary } = executable;
  if (!summary || trainer.plugin.sees === 'window') return; // its windows are its own
  const { batchSize, epochs, seed } = settings;
  const lengths = Int32Array.from(training.sequences, stepsOf);
  const size = Math.min(batchSize, lengths.length);
  if (await fits(summary, { size, time: longest(lengths) })) return;
  // Batches are of like length inside: the one with the longest sequence takes less where the others in it are shorter.
  for (let at = epoch; at < epochs; at += 1) {
    const batches = planEpoch(lengths, batchSize, seed, at).map((positions) =>
      positions.map((position) => lengths[position] as number),
    );
    for (const largest of new Set([most(batches, longest), most(batches, total)]))
      await summary({ size: largest.length, time: longest(largest), lengths: largest });
  }
}

async function fits(
  summary: NonNullable<Executable['summary']>,
  shape: { readonly size: number; readonly time: number },
): Promise<boolean> {
  try {
    await summary(shape);
    return true;
  } catch (error) {
    if (isUnrolledError(error, 'MEMORY_BUDGET')) return false;
    throw error;
  }
}

function most(batches: readonly Int32Array[], measure: (lengths: Int32Array) => number): Int32Array {
  return batches.reduce((a, b) => (measure(b) > measure(a) ? b : a));
}

function longest(lengths: Int32Array): number {
  return lengths.reduce((a, b) => Math.max(a, b), 0);
}

function total(lengths: Int32Array): number {
  return lengths.reduce((a, b) => a + b, 0);
}
