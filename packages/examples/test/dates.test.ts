// Dates written by networks that hardly learned: measures, the picture of the attention, and stopping.
import { collectExamples } from '@unrolled/core';
import { datesDataset } from '@unrolled/dataset-dates';
import { describe, expect, it } from 'vitest';
import { dates } from '../src/dates.ts';
import { runQuickly } from './support.ts';

describe('the example "dates"', () => {
  it('measures a network beside one that knows no order, and shows where it looked', async () => {
    const { report, lines, notes } = await runQuickly(dates, 40);
    const { bag, recurrent } = report.measures as Readonly<Record<'bag' | 'recurrent', number>>;
    expect(report.name).toBe('dates');
    for (const share of [bag, recurrent]) expect(Number.isInteger(Math.round(share * 40 * 1e9) / 1e9)).toBe(true);
    expect(lines[0]).toContain(`${(100 * bag).toFixed(1)}% of the dates`);
    expect(lines[1]).toContain(`${(100 * recurrent).toFixed(1)}% right`);
    const [first] = await collectExamples(datesDataset({ split: 'heldout' }));
    expect(lines[3]).toMatch(new RegExp(`^ +${first?.text}$`));
    expect(notes).toHaveLength(2);
  });

  it('stops when it is asked to', async () => {
    const stop = new AbortController();
    const context = { seed: 1, epochs: 2, limit: 20, print: () => {}, note: () => stop.abort() };
    await expect(dates.run({ ...context, signal: stop.signal })).rejects.toMatchObject({ code: 'RUN_STOPPED' });
  });
});
