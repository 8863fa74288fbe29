// The reference against PyTorch, run live on networks and numbers that nobody has seen before: a new seed each time.
import { fileURLToPath } from 'node:url';
import { expectGolden } from '@unrolled/backend-suites';
import { type GoldenNetwork, readRecurrentCase } from '@unrolled/goldens';
import { runPython } from '@unrolled/peers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { referenceBackend } from '../src/index.ts';

const makers = fileURLToPath(new URL('../../../../tooling/goldens/makers', import.meta.url));
const script = `
import sys
def main(input):
    sys.path.insert(0, input["makers"])
    import torch
    from recurrent_case import draw_case, run_torch, to_json
    torch.set_num_threads(1)
    cases = [draw_case(*plan) for plan in input["plans"]]
    return [to_json(case, run_torch(case)) for case in cases]
`;

const layer = fc.record({
  cell: fc.constantFrom('vanilla' as const, 'lstm' as const),
  units: fc.integer({ min: 1, max: 6 }),
  direction: fc.constantFrom('forward' as const, 'backward' as const, 'both' as const),
});
const input = fc.oneof(
  fc.record({ kind: fc.constant('vectors' as const), size: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    kind: fc.constant('ids' as const),
    vocabulary: fc.integer({ min: 2, max: 9 }),
    embedding: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({ kind: fc.constant('ids' as const), vocabulary: fc.integer({ min: 2, max: 9 }) }),
);
const answer = fc.oneof(
  fc.constant({ head: 'hidden' as const }),
  fc.record({
    head: fc.constantFrom('steps' as const, 'last' as const, 'mean' as const, 'max' as const),
    size: fc.integer({ min: 2, max: 5 }),
    loss: fc.constant('categorical-cross-entropy' as const),
  }),
  fc.record({
    head: fc.constantFrom('last' as const, 'mean' as const, 'max' as const),
    size: fc.constant(1),
    loss: fc.constantFrom('squared-error' as const, 'binary-cross-entropy' as const),
  }),
);
const plan = fc.record({
  network: fc
    .tuple(input, fc.array(layer, { minLength: 1, maxLength: 3 }), answer)
    .map(([from, layers, to]): GoldenNetwork => ({ input: from, layers, ...to })),
  lengths: fc
    .array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 5 })
    .filter((lengths) => lengths.some((length) => length > 0)),
  given: fc.boolean(),
});

test('equals PyTorch on random networks', async () => {
  const seed = Date.now() & 0x7fffffff;
  const plans = fc
    .sample(plan, { numRuns: 40, seed })
    .map(({ network, lengths, given }, index) => [`case ${index} of seed ${seed}`, network, lengths, given]);
  const cases = await runPython<readonly unknown[]>(script, { makers, plans });
  expect(cases.length).toBe(plans.length);
  for (const written of cases) {
    const golden = readRecurrentCase(written);
    const where = `${golden.name}, ${JSON.stringify(golden.network)}, lengths ${golden.batch.lengths}`;
    try {
      await expectGolden(referenceBackend(), golden, { forward: 1e-9, gradients: 1e-9 });
    } catch (error) {
      throw new Error(where, { cause: error });
    }
  }
});
