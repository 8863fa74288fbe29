// The problems as their papers state them, how far one gets without memory or without order, and that the same seed gives the same.

import { collectExamples, type Example, sha256 } from '@unrolled/core';
import { type LongMemoryOptions, longMemoryDataset } from '@unrolled/dataset-long-memory';
import { describe, expect, test } from 'vitest';

const read = (options: Partial<LongMemoryOptions>) => collectExamples(longMemoryDataset(options));
const tokensOf = ({ text = '' }: Example) => text.split(' ');
const shares = (labels: readonly (string | undefined)[]) => {
  const kinds = [...new Set(labels)].sort();
  return kinds.map((kind) => [kind, labels.filter((label) => label === kind).length / labels.length] as const);
};

describe('adding', () => {
  const sizes = { train: 800, heldout: 80 };

  test('two marks, the first in the first 10 steps, both before the middle; the number is what they add up to', async () => {
    const examples = await read({ problem: 'adding', ...sizes });
    expect(examples.length).toBe(880);
    for (const { values = [], number } of examples) {
      expect(values.length).toBeGreaterThanOrEqual(100);
      expect(values.length).toBeLessThanOrEqual(110);
      const marked = values.flatMap(([value = 0, marker], step) => (marker === 1 ? [{ value, step }] : []));
      expect(marked.length).toBe(2);
      expect(marked[0]?.step).toBeLessThan(10);
      expect(marked[1]?.step).toBeLessThan(49);
      expect(values.at(-1)?.[1]).toBe(-1);
      if (values[0]?.[1] === 1) expect(values[0][0]).toBe(0);
      else expect(values[0]?.[1]).toBe(-1);
      expect(values.slice(1, -1).every(([, marker]) => marker === 0 || marker === 1)).toBe(true);
      expect(values.every(([value = 2]) => value >= -1 && value < 1)).toBe(true);
      expect(number).toBeCloseTo(0.5 + marked.reduce((sum, { value }) => sum + value, 0) / 4, 15);
    }
    const lengths = new Set(examples.map(({ values = [] }) => values.length));
    expect(lengths.size).toBe(11);
  });

  test('who always says 0.5 has a mean squared error of about 1 / 24', async () => {
    const examples = await read({ problem: 'adding', train: 10_000, heldout: 0 });
    const errors = examples.map(({ number = Number.NaN }) => (number - 0.5) ** 2);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    // A little less, since a value at the first step counts as 0: one mark in 10, and one in 48, would be there.
    const expected = ((0.9 + 1 - 0.9 / 48) / 2) * (1 / 24);
    expect(Math.abs(mean - expected)).toBeLessThan(0.0015);
  });

  test.each([10, 11, 23, 400])('T = %i', async (length) => {
    for (const { values = [] } of await read({ problem: 'adding', length, train: 300, heldout: 0 })) {
      expect(values.filter(([, marker]) => marker === 1).length).toBe(2);
      expect(values.length).toBeGreaterThanOrEqual(length);
      expect(values.length).toBeLessThanOrEqual(1.1 * length);
    }
  });
});

describe('copying', () => {
  test.each([10, 100, 400])('T = %i: the letters come back at the end, all else is blank', async (length) => {
    const examples = await read({ problem: 'copying', length, train: 200, heldout: 20 });
    for (const { tokens = [], labels = [], text } of examples) {
      expect([tokens.length, labels.length]).toEqual([length + 20, length + 20]);
      expect(text).toBe(tokens.join(' '));
      expect(labels.slice(-10)).toEqual(tokens.slice(0, 10));
      expect(tokens.indexOf('copy')).toBe(length + 9);
      expect(new Set([...tokens.slice(10, length + 9), ...tokens.slice(length + 10)])).toEqual(new Set(['blank']));
      expect(new Set(labels.slice(0, -10))).toEqual(new Set(['blank']));
    }
    const copied = shares(examples.flatMap(({ labels = [] }) => labels.slice(-10)));
    expect(copied.map(([letter]) => letter).join('')).toBe('abcdefgh');
    for (const [, share] of copied) expect(Math.abs(share - 1 / 8)).toBeLessThan(0.04);
  });
});

describe('temporal-order', () => {
  test('the two symbols stand where the paper has them, and tell the class', async () => {
    const examples = await read({ problem: 'temporal-order', train: 2000, heldout: 0 });
    const named = { xx: 'Q', xy: 'R', yx: 'S', yy: 'U' } as const;
    const places: [Set<number>, Set<number>] = [new Set(), new Set()];
    for (const example of examples) {
      const tokens = tokensOf(example);
      expect(tokens.length).toBeGreaterThanOrEqual(100);
      expect(tokens.length).toBeLessThanOrEqual(110);
      expect([tokens[0], tokens.at(-1)]).toEqual(['begin', 'end']);
      const symbols = tokens.flatMap((token, step) => (token === 'x' || token === 'y' ? [{ token, step }] : []));
      expect(symbols.length).toBe(2);
      for (const [at, { step }] of symbols.entries()) places[at as 0 | 1].add(step);
      expect(example.label).toBe(named[symbols.map(({ token }) => token).join('') as keyof typeof named]);
      expect(tokens.filter((token) => 'abcd'.includes(token)).length).toBe(tokens.length - 4);
    }
    expect([...places[0]].sort((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, i) => 10 + i));
    expect([...places[1]].sort((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, i) => 50 + i));
    for (const [, share] of shares(examples.map(({ label }) => label)))
      expect(Math.abs(share - 0.25)).toBeLessThan(0.04);
  });

  test.each([10, 15, 400])('T = %i', async (length) => {
    for (const example of await read({ problem: 'temporal-order', length, train: 300, heldout: 0 })) {
      const tokens = tokensOf(example);
      expect(tokens.filter((token) => token === 'x' || token === 'y').length).toBe(2);
      expect([tokens[0], tokens.at(-1)]).toEqual(['begin', 'end']);
    }
  });
});

describe('order', () => {
  test.each([10, 100])(
    'T = %i: the label says which comes first; a twin of the same tokens has the other',
    async (length) => {
      const examples = await read({ problem: 'order', length, train: 1000, heldout: 100 });
      const bag = (example: Example) => tokensOf(example).sort().join(' ');
      for (const [index, example] of examples.entries()) {
        const tokens = tokensOf(example);
        expect(tokens.length).toBe(length);
        expect(example.label).toBe(tokens.indexOf('x') < tokens.indexOf('y') ? 'x' : 'y');
        expect(tokens.filter((token) => token === 'x' || token === 'y').length).toBe(2);
        if (index % 2 === 0) continue;
        expect(bag(example)).toBe(bag(examples[index - 1] as Example));
        expect(example.label).not.toBe(examples[index - 1]?.label);
      }
      expect(shares(examples.map(({ label }) => label))).toEqual([
        ['x', 0.5],
        ['y', 0.5],
      ]);
    },
  );
});

describe('splits and seeds', () => {
  const problems = ['adding', 'copying', 'temporal-order', 'order'] as const;
  const content = ({ split: _, origin: __, ...rest }: Example) => JSON.stringify(rest);

  test.each(problems)(
    '%s: none is in both splits; those held out do not depend on how many the others are',
    async (problem) => {
      const few = await read({ problem, train: 10, heldout: 300 });
      const many = await read({ problem, train: 2000, heldout: 300 });
      expect(few.slice(10)).toEqual(many.slice(2000));
      expect(few.slice(0, 10)).toEqual(many.slice(0, 10));
      expect(new Set(many.map(content)).size).toBe(2300);
      expect(many.filter(({ split }) => split === 'heldout').length).toBe(300);
      expect(await read({ problem, train: 10, heldout: 300, split: 'heldout' })).toEqual(few.slice(10));
      expect(await read({ problem, train: 10, heldout: 300, split: 'train' })).toEqual(few.slice(0, 10));
      expect(few[10]?.origin).toBe(`${problem}:heldout 1`);
      expect((await read({ problem, train: 1, heldout: 0, seed: 2 }))[0]).not.toEqual(few[0]);
    },
  );

  test('the bits of a seed', async () => {
    const all = await Promise.all(problems.map((problem) => read({ problem, train: 20, heldout: 5 })));
    expect(sha256(JSON.stringify(all))).toBe('ef8b52cc3276bac3e856e60eab316b10dd5bb999474e1adc4f2304cd964ab947');
  });

  test('a wrong length says so', () => {
    expect(() => longMemoryDataset({ length: 9 })).toThrow(
      'dataset "long-memory": option "length" must be a whole number from 10 to 1000000, but 9 was given.',
    );
  });
});
