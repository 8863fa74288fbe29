// The trainers drive this backend as they drive the reference: whole sequences, chunked and sliding windows.
import { reference } from '@unrolled/backend-reference';
import type { Batch, Executable, NetworkDescription, Tensors, Trainer, TrainerProgress } from '@unrolled/core';
import { relativeError } from '@unrolled/goldens';
import { bptt } from '@unrolled/trainer-bptt';
import { truncatedBptt } from '@unrolled/trainer-truncated-bptt';
import { describe, expect, test } from 'vitest';
import { compileOn, firstWeights } from './devices.ts';
import { idsBatch, reviewsNetwork } from './networks.ts';

type Train = (executable: Executable, batch: Batch, from: number) => Promise<readonly TrainerProgress[]>;

/** A trainer as a function that counts updates from `from`. */
function training<O>({ train }: Trainer<string, O>, options: NoInfer<O>, rate = 0.05): Train {
  return async (executable, batch, from) => {
    let updates = from;
    const seen: TrainerProgress[] = [];
    const context = { seed: 3, updates: () => updates, learningRate: () => rate, answers: 'once' } as const;
    for await (const progress of train(options, executable, batch, context)) {
      if (progress.updated) updates += 1;
      seen.push(progress);
    }
    return seen;
  };
}

const batches = [idsBatch([5, 0, 3, 1], 1), idsBatch([4, 6, 2], 2), idsBatch([7, 7, 7, 5], 3)];
const forward = reviewsNetwork('forward');
const trainers: readonly (readonly [string, NetworkDescription, Train])[] = [
  ['bptt', reviewsNetwork(), training(bptt, {})],
  ['truncated-bptt, chunked', forward, training(truncatedBptt, { every: 2, window: 2, update: 'window' })],
  ['truncated-bptt, sliding', forward, training(truncatedBptt, { every: 2, window: 5, update: 'window' })],
  ['truncated-bptt, one update', forward, training(truncatedBptt, { every: 2, window: 3, update: 'sequence' })],
];

describe('on cpu', () => {
  test.each(trainers)('%s gives what it gives on the reference', async (_, network, train) => {
    const [ours, theirs] = [await compileOn('cpu', network), await reference.compile({})(network, {})];
    for (const executable of [ours, theirs]) await executable.write({ parameters: firstWeights(theirs) });
    let from = 0;
    for (const batch of batches) {
      const [found, wanted] = [await train(ours, batch, from), await train(theirs, batch, from)];
      expect(found.map(({ updated }) => updated)).toEqual(wanted.map(({ updated }) => updated));
      found.forEach((progress, i) => {
        expect(relativeError([progress.loss], [wanted[i]?.loss as number])).toBeLessThan(1e-4);
        close(progress.state ?? {}, wanted[i]?.state ?? {}, 1e-4);
      });
      from += wanted.filter(({ updated }) => updated).length;
    }
    const [found, wanted] = [await ours.read(), await theirs.read()];
    expect(found.updates).toBe(wanted.updates);
    close(found.parameters, wanted.parameters, 1e-4);
    close(found.optimizer, wanted.optimizer, 1e-4);
  });
});

function close(found: Tensors, wanted: Tensors, tolerance: number): void {
  for (const [name, { data }] of Object.entries(wanted))
    expect(relativeError(found[name]?.data ?? [], data), name).toBeLessThan(tolerance);
}
