// The stratified split and the batches of an epoch.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planEpoch } from '../../src/pipeline/epoch-plan.ts';
import { stratifiedSplit } from '../../src/pipeline/split.ts';

describe('a stratified split', () => {
  it('takes the same share of each label, every example once, by the seed', () => {
    const classes = Int32Array.from({ length: 200 }, (_, index) => (index % 4 === 0 ? 0 : 1));
    const { training, validation } = stratifiedSplit(classes, 2, 0.1, 1);
    expect(validation.length).toBe(20);
    expect([...validation].filter((position) => classes[position] === 0)).toHaveLength(5);
    expect([...training, ...validation].sort((a, b) => a - b)).toEqual([...classes.keys()]);
    expect([...training]).toEqual([...training].sort((a, b) => a - b));
    expect(stratifiedSplit(classes, 2, 0.1, 1)).toEqual({ training, validation });
    expect(stratifiedSplit(classes, 2, 0.1, 2).validation).not.toEqual(validation);
  });

  it('leaves every label at least one training example', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { minLength: 2, maxLength: 60 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (labels, fraction) => {
          const classes = Int32Array.from(labels);
          let split: ReturnType<typeof stratifiedSplit>;
          try {
            split = stratifiedSplit(classes, 4, fraction, 7);
          } catch (error) {
            expect(error).toMatchObject({ code: 'SPLIT_EMPTY' });
            return;
          }
          const remaining = new Set([...split.training].map((position) => classes[position]));
          expect(remaining).toEqual(new Set(labels));
          expect(split.training.length + split.validation.length).toBe(labels.length);
          expect(split.validation.length).toBeLessThanOrEqual(Math.round(labels.length * fraction));
        },
      ),
    );
  });

  it('refuses a share that comes to nothing', () => {
    expect(() => stratifiedSplit(Int32Array.of(0, 1, 0), 2, 0.1, 1)).toThrow(
      'A validation share of 0.1 of 3 examples leaves none to validate on.',
    );
  });
});

describe('the batches of an epoch', () => {
  const lengths = Int32Array.from({ length: 5000 }, (_, index) => (index * 7919) % 60);
  const steps = (batch: Int32Array): number[] => Array.from(batch, (position) => lengths[position] as number);

  it('hold every example with steps once', () => {
    const batches = planEpoch(lengths, 32, 1, 0);
    const members = batches.flatMap((batch) => [...batch]).sort((a, b) => a - b);
    expect(members).toEqual([...lengths.keys()].filter((position) => lengths[position] !== 0));
    expect(batches.every((batch) => batch.length <= 32)).toBe(true);
  });

  it('are of like length inside', () => {
    const padded = planEpoch(lengths, 32, 1, 0).map((batch) => Math.max(...steps(batch)) * batch.length);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    expect(padded.reduce((sum, steps) => sum + steps, 0) / total).toBeLessThan(1.05);
  });

  it('come in no order of length', () => {
    const means = planEpoch(lengths, 32, 1, 0).map(
      (batch) => steps(batch).reduce((sum, length) => sum + length, 0) / batch.length,
    );
    const half = means.length / 2;
    const mean = (part: number[]) => part.reduce((sum, value) => sum + value, 0) / part.length;
    expect(Math.abs(mean(means.slice(0, half)) - mean(means.slice(half)))).toBeLessThan(8);
    const rises = means.filter((value, index) => index > 0 && value > (means[index - 1] as number)).length;
    expect(rises / means.length).toBeGreaterThan(0.35);
    expect(rises / means.length).toBeLessThan(0.65);
  });

  it('are others in another epoch and by another seed, and the same by the same', () => {
    const plan = planEpoch(lengths, 32, 1, 0);
    expect(planEpoch(lengths, 32, 1, 0)).toEqual(plan);
    expect(planEpoch(lengths, 32, 1, 1)).not.toEqual(plan);
    expect(planEpoch(lengths, 32, 2, 0)).not.toEqual(plan);
    const together = (batches: Int32Array[]) =>
      batches.flatMap((batch) => Array.from(batch, (position) => `${batch[0]} ${position}`));
    const before = new Set(together(plan));
    const again = together(planEpoch(lengths, 32, 1, 1)).filter((pair) => before.has(pair));
    expect(again.length / lengths.length).toBeLessThan(0.1); // neighbours of one epoch are not neighbours of the next
  });
});
