// The emoji as they must be: checksums, attribution, counts, splits that compose, pixels, and what is said of wrong files.

import { readFile } from 'node:fs/promises';
import { sha256 } from '@unrolled/core';
import { type EmojiDrawing, emojiCaptionsDataset, emojiDrawings } from '@unrolled/dataset-emoji-captions';
import { beforeAll, expect, test } from 'vitest';

const data = (name: string) => readFile(new URL(`../data/${name}`, import.meta.url));
let twemoji: EmojiDrawing[];
let noto: EmojiDrawing[];
beforeAll(async () => {
  [twemoji, noto] = await Promise.all([emojiDrawings({ flags: true }), emojiDrawings({ artist: 'noto', flags: true })]);
});

test('the files are those that SOURCE.md describes, which names authors and licences', async () => {
  const source = (await data('SOURCE.md')).toString();
  for (const name of ['captions.tsv', 'twemoji.bin.gz', 'noto.bin.gz'])
    expect(source).toContain(sha256(await data(name)));
  for (const owed of [
    'Twitter, Inc and other contributors',
    'creativecommons.org/licenses/by/4.0',
    'Google LLC',
    'Apache-2.0',
  ])
    expect(source).toContain(owed);
  for (const name of ['unicode', 'emojibase', 'emoji-datasource', 'noto-emoji'])
    expect((await data(`LICENSE.${name}`)).length).toBeGreaterThan(1000);
});

test('3,786 emoji, drawn twice, no two with the same name', () => {
  const kinds = (kind: string) => twemoji.filter((one) => one.kind === kind).length;
  expect([twemoji.length, kinds('base'), kinds('skin')]).toEqual([3786, 1911, 1875]);
  for (const field of ['emoji', 'en', 'pt'] as const) expect(new Set(twemoji.map((one) => one[field])).size).toBe(3786);
  expect(noto.map(({ emoji }) => emoji)).toEqual(twemoji.map(({ emoji }) => emoji));
  expect(twemoji.filter(({ category, kind }) => category !== 'Flags' && kind === 'base')).toHaveLength(1641);
});

test('no drawing is blank, and the artists differ', () => {
  const isBlank = ({ pixels }: EmojiDrawing) => pixels.every((value, at) => at % 4 !== 3 || value === 0);
  expect([...twemoji, ...noto].filter(isBlank)).toEqual([]);
  const same = twemoji.filter(({ pixels }, at) => pixels.every((value, i) => value === noto[at]?.pixels[i]));
  expect(same).toEqual([]);
});

test('what is held out is made of parts that are learned: each emoji and each tone, but not together', () => {
  const tones = (emoji: string) => emoji.match(/[\u{1F3FB}-\u{1F3FF}]/gu) ?? [];
  const bare = (emoji: string) => emoji.replace(/[\u{1F3FB}-\u{1F3FF}\u{FE0F}]/gu, '');
  const train = twemoji.filter(({ split }) => split === 'train');
  const held = twemoji.filter(({ split }) => split === 'heldout');
  expect([train.length, held.length]).toEqual([3411, 375]);
  expect(held.every(({ kind }) => kind === 'skin')).toBe(true);
  const toned = train.filter(({ kind }) => kind === 'skin');
  const learned = new Set(toned.map(({ emoji }) => bare(emoji)));
  expect(held.filter(({ emoji }) => !learned.has(bare(emoji)))).toEqual([]);
  expect(new Set(held.flatMap(({ emoji }) => tones(emoji))).size).toBe(5);
  expect(new Set(toned.flatMap(({ emoji }) => tones(emoji))).size).toBe(5);
});

test('pixels are the drawings: red apples are red, the broccoli is green, corners are clear', () => {
  for (const drawings of [twemoji, noto]) {
    const colour = (name: string) => {
      const { pixels } = drawings.find(({ en }) => en === name) as EmojiDrawing;
      const sums = [0, 0, 0];
      for (let at = 0; at < pixels.length; at += 4)
        if ((pixels[at + 3] as number) > 0)
          for (let c = 0; c < 3; c++) sums[c] = (sums[c] as number) + (pixels[at + c] as number);
      return { main: sums.indexOf(Math.max(...sums)), corner: pixels[3] };
    };
    expect(colour('red apple')).toEqual({ main: 0, corner: 0 });
    expect(colour('broccoli')).toEqual({ main: 1, corner: 0 });
    expect(colour('blue circle')).toEqual({ main: 2, corner: 0 });
  }
});

test('examples are the same drawings on white, can be read again, and speak either language', async () => {
  const examples = emojiCaptionsDataset({ split: 'heldout', artist: 'noto', language: 'pt' });
  const drawings = noto.filter(({ split }) => split === 'heldout');
  for (let round = 0; round < 2; round++) {
    let index = 0;
    for await (const { values = [], image, target, label, origin } of examples) {
      const { pixels, pt, category, origin: place } = drawings[index++] as EmojiDrawing;
      expect([target, label, origin]).toEqual([pt, category, place]);
      expect(image).toEqual({ width: 32, height: 32, channels: 3 });
      const [x, y] = [index % 32, (index * 7) % 32];
      const [red = 0, green, blue, opacity = 0] = pixels.subarray((y * 32 + x) * 4);
      expect(values[y]?.[x * 3]).toBeCloseTo((red * opacity) / 255 / 255 + 1 - opacity / 255, 12);
      if (opacity === 255)
        expect(values[y]?.slice(x * 3, x * 3 + 3)).toEqual([red, green, blue].map((v) => (v as number) / 255));
    }
    expect(index).toBe(375);
  }
});

test('flags are left out unless asked for', async () => {
  expect(await emojiDrawings()).toHaveLength(3516);
  expect(await emojiDrawings({ split: 'train' })).toHaveLength(3141);
});

test.each([
  [
    { drawingsUrl: 'data:text/plain,123' },
    /^twemoji\.bin\.gz, unpacked: expected 3877888 bytes, but found 3\. .*"drawingsUrl"/,
  ],
  [{ captionsUrl: 'data:text/plain,emoji' }, /^captions\.tsv:1: expected the header .*"captionsUrl"/],
])('a wrong file is refused: %o', async (options, message) => {
  await expect(emojiDrawings(options)).rejects.toMatchObject({
    code: 'DATASET_CORRUPT',
    message: expect.stringMatching(message),
  });
});
