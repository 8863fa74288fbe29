// numeric is a vectorizer; its examples are pictures here, which can be rows, patches and whole.
import { conform, vectorizerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { type NumericOptions, numeric } from '../src/index.ts';

const [height, width] = [16, 24];
const picture = (seed: number) =>
  Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => ((x * 7 + y * 5 + seed) % 11) / 10));

function steps(_: unknown, { steps: kind, patch, channels }: NumericOptions): number {
  if (kind === 'whole') return 1;
  return kind === 'rows' ? height : (height / patch) * (width / (patch * channels));
}

conform(
  it,
  vectorizerConformance(numeric, {
    examples: [picture(0), picture(3), picture(4)],
    steps,
    options: [
      { steps: 'patches', channels: 3, scale: 'standardize' },
      { steps: 'patches', patch: 4, scale: 'range' },
      { steps: 'whole', scale: 'standardize' },
    ],
  }),
);
