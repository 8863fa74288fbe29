// The tagger on a small part of the corpus: its baseline counted anew, its measures in line with each other.
import { brownTest, brownTrain } from '@unrolled/dataset-brown';
import { describe, expect, it } from 'vitest';
import { limited } from '../src/example.ts';
import { createRareWords } from '../src/rare-words.ts';
import { tags } from '../src/tags.ts';

type Shares = Readonly<Record<'all' | 'known' | 'unknown' | 'simple', number>>;

describe('the example "tags"', () => {
  it('measures a network beside the most frequent tag of each word', async () => {
    const [lines, notes]: [string[], string[]] = [[], []];
    const context = { seed: 1, epochs: 1, limit: 60, note: (line: string) => notes.push(line) };
    const { name, measures } = await tags.run({ ...context, print: (line) => lines.push(line) });
    const { frequent, recurrent } = measures as unknown as Record<'frequent' | 'recurrent', Shares>;
    const counted = await countBaseline(60);
    expect(name).toBe('tags');
    expect(frequent.all).toBeCloseTo(counted.right, 12);
    for (const { all, known, unknown, simple } of [frequent, recurrent]) {
      expect(all).toBeCloseTo(counted.seen * known + (1 - counted.seen) * unknown, 12);
      expect(simple).toBeGreaterThanOrEqual(all);
    }
    expect(measures).toMatchObject({ fewer: { all: 1 - (1 - recurrent.all) / (1 - counted.right) } });
    expect(lines[0]).toContain(`${(100 * counted.right).toFixed(1)}% right`);
    expect(notes).toHaveLength(1);
  });

  it('stops when it is asked to', async () => {
    const stop = new AbortController();
    const context = { seed: 1, epochs: 2, limit: 20, print: () => {}, note: () => stop.abort() };
    await expect(tags.run({ ...context, signal: stop.signal })).rejects.toMatchObject({ code: 'RUN_STOPPED' });
  });
});

/** Shares of words of the test part that were seen, and that have their word's most frequent tag: counted by sorting. */
async function countBaseline(limit: number): Promise<{ readonly seen: number; readonly right: number }> {
  const context = { seed: 1, limit, print: () => {}, note: () => {} };
  const pairs = async (sentences: ReturnType<typeof brownTrain>) =>
    limited(await sentences, context).flatMap(({ tokens, labels }) =>
      tokens.map((word, at) => ({ word, tag: labels[at] as string })),
    );
  const [train, test] = [await pairs(brownTrain()), await pairs(brownTest())];
  const commonest = (of: typeof train): string | undefined => {
    const tags = of.map(({ tag }) => tag);
    const countOf = (tag: string) => tags.filter((other) => other === tag).length;
    return [...new Set(tags)].sort((a, b) => countOf(b) - countOf(a))[0];
  };
  const overall = commonest(train);
  const answers = test.map(({ word }) => commonest(train.filter((seen) => seen.word === word)));
  return {
    seen: answers.filter((answer) => answer !== undefined).length / test.length,
    right: test.filter(({ tag }, at) => (answers[at] ?? overall) === tag).length / test.length,
  };
}

describe('rare words', () => {
  const read = createRareWords([
    ['the', 'the', 'the', 'York', "dog's"],
    ['York', 'walking'],
  ]);

  it('leaves words alone that come often', () => {
    expect(read('the')).toBe('the');
  });

  it.each([
    ['York', '<X:ork>'],
    ['walking', '<:ing>'],
    ['strolling', '<:ing>'],
    ["dog's", "<':g's>"],
    ['Anglo-Saxon', '<X-:xon>'],
    ['1961', '<0:>'],
    ['19th-century', '<0-:>'],
    ['Émile', '<X:ile>'],
    ['a', '<:a>'],
  ])('reads %s as %s', (word, token) => {
    expect(read(word)).toBe(token);
  });
});
