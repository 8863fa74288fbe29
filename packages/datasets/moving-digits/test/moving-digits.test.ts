// Videos against their own pixels: labels follow from two frames, and not from one; digits vanish; splits share no picture.

import { collectExamples, type Example, sha256 } from '@unrolled/core';
import { mnistDataset, mnistDigits } from '@unrolled/dataset-mnist';
import { type MovingDigitsOptions, movingDigits } from '@unrolled/dataset-moving-digits';
import { describe, expect, test } from 'vitest';

const dataset = movingDigits(mnistDataset());
const read = (options: Partial<MovingDigitsOptions> = {}) =>
  collectExamples(dataset.examples({ ...dataset.options.defaults, ...options }));
const [width, height] = [28, 20];

type Frame = readonly number[];
const framesOf = (examples: readonly Example[]) =>
  examples.flatMap(({ values = [], labels = [] }) =>
    values.map((pixels, frame) => ({ pixels, label: labels[frame] as string, frame })),
  );
const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length;

/** How the ink has moved from one frame to the next: the shift after which they are the same. */
function motionBetween(before: Frame, after: Frame): readonly string[] {
  const found: string[] = [];
  for (const down of [-2, -1, 1, 2])
    for (const right of [-2, -1, 1, 2]) {
      const at = (row: number, column: number) =>
        row < 0 || column < 0 || row >= height || column >= width ? 0 : before[row * width + column];
      const same = after.every((ink, i) => ink === at(Math.floor(i / width) - down, (i % width) - right));
      if (same) found.push(`${down < 0 ? 'up' : 'down'}-${right < 0 ? 'left' : 'right'}`);
    }
  return found;
}

/** Of each frame the label of the nearest frame among those to learn from. */
function nearestLabels(train: readonly Example[], heldout: readonly Example[]): boolean[] {
  const known = framesOf(train).map(({ pixels, label }) => ({ pixels: Float64Array.from(pixels), label }));
  return framesOf(heldout).map(({ pixels, label }) => {
    let [least, answer] = [Infinity, ''];
    for (const one of known) {
      let distance = 0;
      for (let i = 0; i < pixels.length && distance < least; i++)
        distance += ((pixels[i] as number) - (one.pixels[i] as number)) ** 2;
      if (distance < least) [least, answer] = [distance, one.label];
    }
    return answer === label;
  });
}

describe('motion', () => {
  test('is that from the frame before to this one, for every frame but the first', async () => {
    for (const { values = [], labels = [] } of await read({
      label: 'motion',
      occluded: false,
      train: 30,
      heldout: 10,
    })) {
      expect(labels[0]).toBe('start');
      for (let frame = 1; frame < values.length; frame++)
        expect(motionBetween(values[frame - 1] as Frame, values[frame] as Frame)).toEqual([labels[frame]]);
    }
  });

  test('can not be told from one frame: the nearest frame to learn from tells little more than chance', async () => {
    const options = { label: 'motion', occluded: false } as const;
    const [train, heldout] = await Promise.all([
      read({ ...options, train: 150, heldout: 0 }),
      read({ ...options, train: 0, heldout: 15 }),
    ]);
    expect(share(nearestLabels(train, heldout))).toBeLessThan(0.45);
  });

  test('each is as common as the others, and each digit', async () => {
    const examples = await read({ train: 500, heldout: 0 });
    const words = framesOf(examples).map(({ label }) => label.split(':'));
    for (const motion of ['up-left', 'up-right', 'down-left', 'down-right'])
      expect(Math.abs(share(words.map(([, moved]) => moved === motion)) - 0.95 / 4)).toBeLessThan(0.03);
    for (let digit = 0; digit < 10; digit++)
      expect(Math.abs(share(words.map(([shown]) => shown === `${digit}`)) - 0.1)).toBeLessThan(0.05);
  });
});

describe('the bar', () => {
  test('hides the digit wholly in some frames, which then look all the same, and never in the first', async () => {
    const frames = framesOf(await read({ label: 'digit', train: 200, heldout: 0 }));
    const empty = Array.from({ length: width * height }, (_, i) => (i % width >= 8 && i % width < 20 ? 0.5 : 0));
    const hidden = frames.filter(({ pixels }) => pixels.every((ink, i) => ink === empty[i]));
    expect(hidden.length / frames.length).toBeGreaterThan(0.2);
    expect(hidden.length / frames.length).toBeLessThan(0.3);
    expect(hidden.some(({ frame }) => frame === 0)).toBe(false);
    expect(new Set(hidden.map(({ label }) => label)).size).toBe(10);
  });

  test('is all that differs from a video without one', async () => {
    const [with_, without] = await Promise.all([
      read({ train: 5, heldout: 0 }),
      read({ train: 5, heldout: 0, occluded: false }),
    ]);
    const clear = framesOf(without);
    for (const [index, { pixels, label }] of framesOf(with_).entries()) {
      expect(label).toBe(clear[index]?.label);
      pixels.forEach((ink, i) => {
        if (i % width < 8 || i % width >= 20) expect(ink).toBe(clear[index]?.pixels[i]);
      });
    }
  });
});

describe('digits', () => {
  test('are the pictures, inner 20 × 20 pixels, by means of 2 × 2; heldout videos show pictures of the test split', async () => {
    const pictures = { train: new Map<string, number>(), heldout: new Map<string, number>() };
    const keyOf = (pixels: readonly number[]) => pixels.map((ink) => Math.round(ink * 1020)).join();
    for (const { digit, pixels, split } of await mnistDigits()) {
      const at = (row: number, column: number) => pixels[(row + 4) * 28 + column + 4] as number;
      const shrunk = Array.from({ length: 100 }, (_, i) => {
        const [row, column] = [2 * Math.floor(i / 10), 2 * (i % 10)];
        return (at(row, column) + at(row, column + 1) + at(row + 1, column) + at(row + 1, column + 1)) / 1020;
      });
      pictures[split === 'train' ? 'train' : 'heldout'].set(keyOf(shrunk), digit);
    }
    for (const { values = [], labels = [], split } of await read({
      label: 'digit',
      occluded: false,
      train: 40,
      heldout: 40,
      frames: 3,
    })) {
      const [first = []] = values;
      // The digit lies somewhere in the frame, with nothing around it.
      const found = Array.from({ length: 11 * 19 }, (_, place) => {
        const [top, left] = [Math.floor(place / 19), place % 19];
        const part = Array.from({ length: 100 }, (_, i) => first[(top + Math.floor(i / 10)) * width + left + (i % 10)]);
        return pictures[split as 'train' | 'heldout'].get(keyOf(part as number[]));
      });
      expect(found.map(String)).toContain(labels[0]);
    }
  });

  test('two of them are different, and named in order', async () => {
    const examples = await read({ digits: 2, train: 100, heldout: 0, frames: 5 });
    for (const label of framesOf(examples).map((frame) => frame.label)) {
      expect(label).toMatch(/^\d:(start|(up|down)-(left|right)) \d:(start|(up|down)-(left|right))$/);
      const [one, other] = label.split(' ').map(Number.parseFloat);
      expect(one).toBeLessThan(other as number);
    }
  });
});

describe('examples', () => {
  test('frames of 560 numbers from 0 to 1, the same for a seed to the bit', async () => {
    const examples = await read({ train: 20, heldout: 5 });
    for (const { values = [], labels } of examples) {
      expect([values.length, labels?.length]).toEqual([20, 20]);
      expect(values.every((frame) => frame.length === 560 && frame.every((ink) => ink >= 0 && ink <= 1))).toBe(true);
    }
    expect(sha256(JSON.stringify(examples))).toBe('c9b2c953fb57d2b8a09524481f6086abf77f99cb0a134614702928859d236fa5');
    expect(examples.slice(20)).toEqual(await read({ train: 3, heldout: 5, split: 'heldout' }));
    expect(await read({ train: 1, heldout: 0, seed: 2 })).not.toEqual(examples.slice(0, 1));
  });

  test('pictures that are none of digits are refused', async () => {
    const first = async (pictures: readonly Example[]) => {
      const given = (async function* () {
        yield* pictures;
      })();
      const made = movingDigits(given);
      return collectExamples(made.examples(made.options.defaults));
    };
    await expect(first([{ values: [[0]], label: '1', origin: 'a.png' }])).rejects.toThrow(
      'a.png has an unknown size and the label "1". Give grey pictures of 28 × 28 pixels, labelled 0 to 9',
    );
    const image = { width: 32, height: 32, channels: 3 };
    await expect(first([{ values: [[0]], image, label: '1' }])).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringMatching(/^A picture has 32 × 32 pixels, 3 numbers each, and the label "1"\./),
    });
    await expect(first([])).rejects.toThrow('There are no pictures of two different digits for the split "train".');
  });
});
