// Captions of a network that hardly learned, beside the baselines; attribution; pictures and targets that can't be used.
import { collectExamples, type Example } from '@unrolled/core';
import { emojiCaptionsDataset } from '@unrolled/dataset-emoji-captions';
import { beforeAll, describe, expect, it } from 'vitest';
import { captioner, captioning } from '../src/captioning.ts';
import { runQuickly } from './support.ts';

type Shares = Readonly<Record<'words' | 'exact' | 'bleu', number>>;
type Part = Readonly<Record<'frequent' | 'nearest' | 'recurrent', Shares>>;

describe('the example "captioning"', () => {
  it('measures a captioner beside the nearest drawing, shows captions, and names who drew', async () => {
    const { report, lines, notes } = await runQuickly(captioning, 30);
    const { skinTones, noto } = report.measures as unknown as Readonly<Record<'skinTones' | 'noto', Part>>;
    for (const part of [skinTones, noto])
      for (const { words, exact, bleu } of Object.values(part)) {
        for (const share of [words, exact, bleu / 100]) expect(share).toBeGreaterThanOrEqual(0);
        for (const share of [words, exact, bleu / 100]) expect(share).toBeLessThanOrEqual(1);
        expect(exact * 30).toBeCloseTo(Math.round(exact * 30), 9);
      }
    // Each drawing by Noto has its like among those learned from, so some are found; a held-out skin tone has none.
    expect(noto.nearest.exact).toBeGreaterThan(0.2);
    expect(skinTones.nearest.exact).toBe(0);
    const text = lines.join('\n');
    expect(text).toContain(`${(100 * noto.nearest.words).toFixed(1)}% of the words`);
    expect(text).toMatch(/pixel by pixel/);
    expect(text.match(/^.+ → /gm)).toHaveLength(8);
    for (const owner of ['Twitter', 'CC BY 4.0', 'Google', 'Apache-2.0', 'Unicode-3.0']) expect(text).toContain(owner);
    expect(notes).toHaveLength(1);
  });

  it('stops when it is asked to', async () => {
    const stop = new AbortController();
    const context = { seed: 1, epochs: 2, limit: 20, print: () => {}, note: () => stop.abort() };
    await expect(captioning.run({ ...context, signal: stop.signal })).rejects.toMatchObject({ code: 'RUN_STOPPED' });
  });
});

describe('a captioner', () => {
  let few: readonly Example[];
  beforeAll(async () => {
    few = (await collectExamples(emojiCaptionsDataset({ split: 'heldout' }))).slice(0, 12);
  });
  const settings = { epochs: 1, seed: 1 };

  it('refuses a picture of another size than it learned from, with both sizes', async () => {
    const examples = few;
    const [first] = examples as readonly [Example];
    const pipeline = captioner();
    await pipeline.fit(examples, settings);
    const rows = first.values as readonly (readonly number[])[];
    await expect(pipeline.predict({ values: rows.slice(0, 16) })).rejects.toMatchObject({
      code: 'EXAMPLE_INVALID',
      message: expect.stringMatching(/16 rows.* 32/),
    });
    const narrow = rows.map((row) => row.slice(0, 48));
    await expect(pipeline.predict({ values: narrow })).rejects.toMatchObject({
      code: 'EXAMPLE_INVALID',
      message: expect.stringMatching(/48.* 96|96.* 48/),
    });
    pipeline.dispose();
    const other = captioner();
    const wrong = [...examples.slice(1), { ...first, values: narrow, origin: 'drawings line 7' }];
    await expect(other.fit(wrong, settings)).rejects.toMatchObject({ code: 'EXAMPLE_INVALID' });
  });

  it.each([
    ['fewer', (rows: readonly (readonly number[])[]) => rows.slice(0, 30)],
    ['more', (rows: readonly (readonly number[])[]) => [...rows, ...rows]],
  ])('refuses pictures of %s rows than its patches cover', async (_, change) => {
    const examples = few.map(({ image: __, ...example }) => ({
      ...example,
      values: change(example.values as readonly (readonly number[])[]),
    }));
    await expect(captioner().fit(examples, settings)).rejects.toMatchObject({ code: 'EQUATION_SHAPE' });
  });

  it.each([
    ['no target', undefined, 'TARGET_MISSING'],
    ['an empty target', '', 'TARGET_EMPTY'],
    ['a target without a word', ' : ', 'TARGET_EMPTY'],
  ])('refuses an example with %s, and names it', async (_, target, code) => {
    const pipeline = captioner();
    const { target: __, ...rest } = few[3] as Example;
    const bad = { ...rest, ...(target !== undefined && { target }), origin: 'captions.tsv line 4' };
    await expect(pipeline.fit([...few.slice(0, 3), bad], settings)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('captions.tsv line 4'),
    });
  });
});
