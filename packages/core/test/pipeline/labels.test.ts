// Labels: declared, renamed or learned; and the factor of each one's loss.
import { describe, expect, it } from 'vitest';
import { classWeights } from '../../src/pipeline/class-weights.ts';
import { labelTable, learnLabels } from '../../src/pipeline/labels.ts';

describe('labels', () => {
  it('are learned sorted by code point, whatever the order of the data', () => {
    const labels = ['é', 'z', 'Z', 'a', '😀', '\uffff', 'ab', 'a'];
    const table = learnLabels(labels);
    expect(table.shown).toEqual(['Z', 'a', 'ab', 'z', 'é', '\uffff', '😀']);
    expect(learnLabels([...labels].reverse()).shown).toEqual(table.shown);
  });

  it('are found by what the data write, and by what is shown', () => {
    const table = labelTable([
      { stored: '0', shown: 'negative' },
      { stored: '1', shown: 'positive' },
    ]);
    expect(table.classOf('1', 'Example 1')).toBe(1);
    expect(table.classOf('negative', 'Example 1')).toBe(0);
  });

  it('refuses an unknown one, naming its place and what is known', () => {
    const table = labelTable([
      { stored: '0', shown: 'negative' },
      { stored: '1', shown: 'positive' },
    ]);
    expect(() => table.classOf('positiv', 'reviews.csv line 7')).toThrow(
      'reviews.csv line 7 has the label "positiv", which is not known. Did you mean "positive"? Known labels are "0" (negative), "1" (positive).',
    );
  });

  it('weigh what they are told to, and 1 otherwise', () => {
    const table = learnLabels(['a', 'b', 'c']);
    expect([...classWeights({ b: 2.5 }, table, [1, 1, 1])]).toEqual([1, 2.5, 1]);
    expect([...classWeights(undefined, table, [5, 1, 1])]).toEqual([1, 1, 1]);
    expect([...classWeights('balanced', table, [6, 3, 1])]).toEqual([10 / 18, 10 / 9, 10 / 3]);
    expect(() => classWeights({ B: 1 }, table, [1, 1, 1])).toThrow('Did you mean "b"?');
  });
});
