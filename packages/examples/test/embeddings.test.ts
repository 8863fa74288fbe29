// Word vectors as a beginning, on a few reviews for one epoch.
import { expect, test } from 'vitest';
import { embeddings } from '../src/embeddings.ts';
import type { TrainedNetwork } from '../src/example.ts';

type Measured = Readonly<Record<'mean' | 'deviation', number>> & { readonly shares: readonly number[] };

test('the same network is measured from three beginnings, over five seeds', { timeout: 120_000 }, async () => {
  const lines: string[] = [];
  const tables = new Map<string, Float32Array>();
  const trained = async ({ title, pipeline }: TrainedNetwork) => {
    const { parameters } = await pipeline.anatomy();
    tables.set(title, parameters['input.E']?.data as Float32Array);
  };
  const context = { seed: 1, epochs: 1, limit: 40, note: () => {}, trained };
  const { measures } = await embeddings.run({ ...context, print: (line) => lines.push(line) });

  const bySize = measures as unknown as Record<string, Record<string, Measured>>;
  expect(Object.keys(bySize)).toEqual(['40', 'words']);
  expect(measures.words).toBeGreaterThan(50); // of 40 reviews of some 19 words, those that come twice
  expect(Object.keys(bySize['40'] ?? {})).toEqual(['drawn', 'tuned', 'frozen']);
  for (const { mean, deviation, shares } of Object.values(bySize['40'] ?? {})) {
    expect(shares).toHaveLength(5);
    expect(mean).toBeCloseTo(shares.reduce((sum, share) => sum + share) / 5, 12);
    expect(deviation).toBeCloseTo(Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / 4), 12);
    expect(lines.at(-1)).toContain(`${(100 * mean).toFixed(1)}% ± ${(100 * deviation).toFixed(1)}`);
  }
  expectBeginnings([...tables].filter(([title]) => title.endsWith('seed 1')).map(([, table]) => table));
});

/** Two updates lead hardly away from where Word2Vec has its words, and no update where they are frozen. */
function expectBeginnings([drawn, tuned, frozen]: readonly (Float32Array | undefined)[]): void {
  expect(tuned).toHaveLength(drawn?.length as number);
  const farthest = (from: Float32Array | undefined) =>
    Math.max(...(frozen ?? []).map((value, at) => Math.abs(value - (from?.[at] as number))));
  expect(farthest(tuned)).toBeGreaterThan(0);
  expect(farthest(tuned)).toBeLessThan(0.01); // Adam moves a weight by some 0.003 an update
  expect(farthest(drawn)).toBeGreaterThan(0.03); // drawn up to 0.05
}
