// Truncation, optimizer, schedule, loss and Keras goldens are complete, and agree with formulas simple enough to write here.
import { describe, expect, it } from 'vitest';
import {
  type GoldenTensor,
  kerasCases,
  lossCases,
  optimizerCases,
  relativeError,
  scheduleCases,
  truncationCases,
} from '../src/index.ts';

describe('truncation goldens', () => {
  it.each(truncationCases())('$name: windows follow one another and their losses add up', (golden) => {
    for (const run of golden.runs) {
      const lengths = [...golden.batch.lengths];
      run.windows.forEach((window, number) => {
        lengths.forEach((length, row) => {
          const ended = number * run.every >= length;
          const end = ended ? -1 : Math.min((number + 1) * run.every, length);
          expect(window.ends[row]).toBe(end);
          expect(window.starts[row]).toBe(ended ? -1 : Math.max(0, end - run.window));
        });
      });
      const sum = run.windows.reduce((total, window) => total + (window.loss ?? 0), 0);
      if (run.update === 'sequence') expect(sum).toBeCloseTo(golden.loss, 12);
    }
  });

  it.each(truncationCases())(
    '$name: windows as long as the sequences give the whole gradient, shorter ones do not',
    (golden) => {
      for (const { window, gradient } of golden.runs) {
        if (gradient === undefined) continue;
        const errors = Object.entries(golden.gradient).map(([name, whole]) =>
          relativeError((gradient[name] as GoldenTensor).data, whole.data),
        );
        if (window >= golden.batch.time) expect(Math.max(...errors)).toBeLessThan(1e-12);
        else expect(Math.max(...errors)).toBeGreaterThan(1e-4);
      }
    },
  );
});

describe('optimizer goldens', () => {
  it('hold what plain gradient descent gives', () => {
    const golden = optimizerCases().find((c) => c.name === 'sgd falling rate');
    const weight = golden?.weights.s?.data[0] as number;
    let w = weight;
    golden?.rates.forEach((rate, update) => {
      w -= rate * (golden.gradients.s?.data[update] as number);
      expect(golden.expected.s?.data[update]).toBeCloseTo(w, 14);
    });
  });

  it('cover each optimizer with each kind of clipping, where clipping bites', () => {
    const cases = optimizerCases();
    expect(cases.length).toBe(30);
    for (const { clip, gradientNorms } of cases)
      if (clip.norm !== undefined) expect(Math.max(...gradientNorms)).toBeGreaterThan(clip.norm);
  });

  it('have schedules that start at the full rate or warm up to it', () => {
    for (const { schedule, rates, first, updates } of scheduleCases()) {
      expect(rates.length).toBe(updates);
      expect(rates[Math.max(0, Number(schedule.warmup ?? 0) - 1)]).toBeCloseTo(first, 14);
      expect(Math.max(...rates)).toBeCloseTo(first, 14);
    }
  });
});

describe('loss goldens', () => {
  it('are finite for logits of ±1000 and equal |y| where the answer is wrong', () => {
    const golden = lossCases().find((c) => c.name === 'binary-cross-entropy 1');
    const wrong = [...(golden?.y.data ?? [])].flatMap((y, row) =>
      (y === 1000 && golden?.target[row] === 0) || (y === -1000 && golden?.target[row] === 1) ? [row] : [],
    );
    expect(wrong.length).toBeGreaterThan(0);
    for (const row of wrong) expect(golden?.value.data[row]).toBe(1000);
  });

  it('have softmax gradients that sum to nothing', () => {
    for (const { loss, y, gradient } of lossCases()) {
      if (loss !== 'categorical-cross-entropy') continue;
      const size = y.shape[1] as number;
      for (let at = 0; at < gradient.data.length; at += size) {
        const sum = gradient.data.subarray(at, at + size).reduce((total, g) => total + g, 0);
        expect(Math.abs(sum)).toBeLessThan(1e-14);
      }
    }
  });
});

describe('Keras goldens', () => {
  it('cover both cells, both ways, an empty row and an embedding', () => {
    const cases = kerasCases();
    expect(new Set(cases.flatMap((c) => c.network.layers.map((layer) => layer.cell))).size).toBe(2);
    expect(cases.some((c) => c.network.layers.some((layer) => layer.direction === 'both'))).toBe(true);
    expect(cases.some((c) => c.batch.lengths.includes(0))).toBe(true);
    expect(cases.some((c) => 'input.E' in c.expected.parameters)).toBe(true);
  });
});
