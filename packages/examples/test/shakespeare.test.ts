// The example of the next character, on a few lines: what it measures, beside what is counted by hand.
import { expect, test } from 'vitest';
import type { TrainedNetwork } from '../src/index.ts';
import { shakespeare } from '../src/shakespeare.ts';

test('measures the end of the text, and what it writes has its characters', async () => {
  let trained: Pick<TrainedNetwork, 'train' | 'test' | 'history'> | undefined;
  let measured: unknown;
  const lines: string[] = [];
  const { measures } = await shakespeare.run({
    seed: 1,
    epochs: 1,
    limit: 200,
    print: (line) => lines.push(line),
    note: () => {},
    trained: async ({ pipeline, ...rest }) => {
      trained = rest;
      measured = await pipeline.evaluate(rest.test);
    },
  });
  const { train = [], test: end = [], history } = trained as NonNullable<typeof trained>;
  expect(train).toHaveLength(1);
  const text = train[0]?.text as string;
  expect(text.split('\n')).toHaveLength(200);
  // 0.9 of all characters and the two boundaries; the first boundary is of the part that is learned from.
  const cut = Math.round((text.length + 2) * 0.9) - 1;
  expect(end).toEqual([{ text: text.slice(cut) }]);
  expect(history?.report.validation?.tokens).toBe(text.length - cut);

  const { bits, frequencies, window, sample } = measures as Record<string, number>;
  expect(bits).toBeCloseTo((history?.epochs[0]?.validation?.loss as number) / Math.LN2, 10);
  expect(measured).toMatchObject({ examples: 1, tokens: text.length - cut + 1 });
  for (const measure of [bits, frequencies, window]) expect(measure).toBeGreaterThan(1);
  expect(window).toBeLessThan(frequencies as number);
  expect(lines.join('\n')).toContain(`LSTM over the whole text: ${(bits as number).toFixed(3)}`);
  for (const character of String(sample)) expect(text).toContain(character);
});
