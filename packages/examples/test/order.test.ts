// The experiment whether order matters, on a few examples: what is blind to order can't tell them from shuffled ones.
import { expect, test } from 'vitest';
import { order } from '../src/order.ts';
import { runQuickly } from './support.ts';

type Spread = { readonly mean: number; readonly deviation: number };
type Findings = Readonly<
  Record<string, Readonly<Record<string, { readonly ordered: Spread; readonly shuffled: Spread }>>>
>;

test('order measures each classifier on the same examples in order and shuffled', async () => {
  const { report, lines } = await runQuickly(order, 12);
  const findings = report.measures as unknown as Findings;
  expect(Object.keys(findings)).toEqual(['reviews', 'names', 'synthetic']);
  for (const models of Object.values(findings)) {
    expect(Object.keys(models)).toEqual(['bag', 'mean', 'lstm']);
    for (const { ordered, shuffled } of Object.values(models))
      for (const { mean, deviation } of [ordered, shuffled]) {
        expect(mean).toBeGreaterThanOrEqual(0);
        expect(mean).toBeLessThanOrEqual(1);
        // Five shares of whole examples: no two different ones lie closer than this.
        expect(deviation === 0 || deviation > 1 / 12 / 5).toBe(true);
      }
    expect(models.bag?.shuffled).toEqual(models.bag?.ordered);
  }
  expect(lines).toHaveLength(3 * 4);
}, 180_000); // 45 trainings
