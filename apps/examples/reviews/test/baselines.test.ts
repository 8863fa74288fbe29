// The baselines reach on the held-out reviews what they are known to reach.
import { movieReviewsHeldout, movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { describe, expect, it } from 'vitest';
import { accuracyOf, logisticRegression, majority } from '../src/baselines.ts';

const [train, heldout] = await Promise.all([movieReviewsTrain(), movieReviewsHeldout()]);

describe('majority', () => {
  it('answers the label that is the most frequent in training', () => {
    const baseline = majority(train);
    expect(baseline.predict('a masterpiece')).toBe('negative');
    expect(accuracyOf(baseline, heldout)).toBe(1031 / 2061);
  });

  it('answers the first of equally frequent labels, whatever their order', () => {
    const examples = [
      { text: 'x', label: 'b' },
      { text: 'y', label: 'a' },
    ];
    expect(majority(examples).predict('x')).toBe('a');
    expect(majority(examples.reverse()).predict('x')).toBe('a');
  });
});

describe('logistic regression', () => {
  it('reaches what scikit-learn does (75.0 to 77.1% by how words are split)', () => {
    const baseline = logisticRegression(train);
    const accuracy = accuracyOf(baseline, heldout);
    expect(accuracy).toBeGreaterThan(0.75);
    expect(accuracy).toBeLessThan(0.775);
    expect(baseline.predict('a moving and wonderful film')).toBe('positive');
    expect(baseline.predict('a dull, tedious mess')).toBe('negative');
  });

  it('refuses other than two labels, and examples without a text or label', () => {
    const one = [{ text: 'x', label: 'a' }];
    const three = ['a', 'b', 'c'].map((label) => ({ text: 'x', label }));
    const code = (wanted: string) => expect.objectContaining({ code: wanted });
    expect(() => logisticRegression(one)).toThrow(code('LABELS_NOT_TWO'));
    expect(() => logisticRegression(three)).toThrow(code('LABELS_NOT_TWO'));
    expect(() => logisticRegression([{ text: 'x' }])).toThrow(code('EXAMPLE_INVALID'));
    expect(() => majority([{ label: 'a' }])).toThrow(code('EXAMPLE_INVALID'));
  });
});
