// The videos, a few of them: what is measured, and of which frames.
import { collectExamples } from '@unrolled/core';
import { mnistDataset } from '@unrolled/dataset-mnist';
import { movingDigitsDataset } from '@unrolled/dataset-moving-digits';
import { describe, expect, it } from 'vitest';
import { video } from '../src/video.ts';
import { runQuickly } from './support.ts';

type Shares = Readonly<Record<'both' | 'digit' | 'motion' | 'hidden' | 'hiddenDigit', number>>;
type Measures = Readonly<Record<'frames' | 'recurrent', Shares>> & {
  readonly two: Readonly<Record<'frames' | 'recurrent', { readonly both: number; readonly each: number }>>;
};

describe('the example "video"', () => {
  it('measures a network with memory beside one that sees each frame alone', async () => {
    const { report, lines, notes } = await runQuickly(video, 24);
    const measures = report.measures as unknown as Measures;
    for (const { both, digit, motion } of [measures.frames, measures.recurrent]) {
      expect(both).toBeGreaterThanOrEqual(digit + motion - 1);
      expect(both).toBeLessThanOrEqual(Math.min(digit, motion));
    }
    const hidden = await countHidden();
    expect(measures.recurrent.hidden).toBeCloseTo(hidden.share, 12);
    // Hidden frames are all alike: without memory all of them get one answer.
    expect(hidden.digits).toContainEqual(expect.closeTo(measures.frames.hiddenDigit, 12));
    expect(lines[2]).toContain(`digit ${(100 * measures.recurrent.digit).toFixed(1)}%`);
    // Both motions are right at most as often as either.
    for (const { both, each } of Object.values(measures.two)) {
      expect(both).toBeGreaterThanOrEqual(2 * each - 1 - 1e-12);
      expect(both).toBeLessThanOrEqual(each);
    }
    expect(lines.at(-1)).toContain(`of each ${(100 * measures.two.recurrent.each).toFixed(1)}%`);
    expect(notes).toHaveLength(4);
  });
});

/** Of the frames that are measured on: how many are hidden, and of those how many show each digit. The bar is 12 columns from the ninth on. */
async function countHidden(): Promise<{ readonly share: number; readonly digits: readonly number[] }> {
  // Seen without the bar, ink tells which frames the bar hides.
  const clear = await collectExamples(movingDigitsDataset(mnistDataset(), { split: 'heldout', occluded: false }));
  const frames = clear.flatMap(({ values = [], labels = [] }) =>
    values.map((frame, at) => ({
      digit: Number((labels[at] as string)[0]),
      hidden: frame.every((pixel, place) => pixel === 0 || (place % 28 >= 8 && place % 28 < 20)),
    })),
  );
  const hidden = frames.filter((frame) => frame.hidden);
  const shareOf = (digit: number) => hidden.filter((frame) => frame.digit === digit).length / hidden.length;
  return { share: hidden.length / frames.length, digits: Array.from({ length: 10 }, (_, digit) => shareOf(digit)) };
}
