// Data sets in a browser: their files come from beside their code, and gzipped ones are unpacked there.
import { collectExamples, sha256 } from '@unrolled/core';
import { brownDataset } from '@unrolled/dataset-brown';
import { datesDataset } from '@unrolled/dataset-dates';
import { emojiDrawings } from '@unrolled/dataset-emoji-captions';
import { gunPointTrain } from '@unrolled/dataset-gun-point';
import { japaneseVowelsTest } from '@unrolled/dataset-japanese-vowels';
import { longMemoryDataset } from '@unrolled/dataset-long-memory';
import { mnistDataset, mnistDigits } from '@unrolled/dataset-mnist';
import { movieReviewsHeldout } from '@unrolled/dataset-movie-reviews';
import { movingDigitsDataset } from '@unrolled/dataset-moving-digits';
import { namesNationalityTest } from '@unrolled/dataset-names-nationality';
import { shakespeareText } from '@unrolled/dataset-shakespeare';
import { stateOfTheUnionSpeeches } from '@unrolled/dataset-state-of-the-union';
import { translationEnPtPairs } from '@unrolled/dataset-translation-en-pt';
import { describe, expect, it } from 'vitest';

it('gives as many examples as in Node', async () => {
  const all = await Promise.all([
    ...[gunPointTrain(), japaneseVowelsTest(), mnistDigits(), movieReviewsHeldout(), namesNationalityTest()],
    ...[stateOfTheUnionSpeeches(), translationEnPtPairs(), emojiDrawings({ artist: 'noto' })],
  ]);
  expect(all.map((examples) => examples.length)).toEqual([50, 370, 10_000, 2061, 1900, 249, 8753, 3516]);
});

it('reads the same text to the last character', async () => {
  expect(sha256(await shakespeareText())).toBe('eb303da6f3b47ade62b2abe208ff24702b967c6454212cdb8c3c109b57fd2ffc');
});

it('can be left after the first example', async () => {
  for await (const { tokens } of brownDataset()) {
    expect(tokens?.slice(0, 3)).toEqual(['The', 'Fulton', 'County']);
    break;
  }
});

describe('makes the same examples as Node, to the bit', () => {
  const hashOf = (made: unknown) => sha256(JSON.stringify(made));

  // The hashes that these packages' own tests expect in Node.
  it('dates', async () => {
    const made = await collectExamples(datesDataset({ train: 100, heldout: 20 }));
    expect(hashOf(made)).toBe('911183e796b81e423e41d07d053dee3cc22abda147fef49942f3900315d8f1af');
  });

  it('the long-memory problems', async () => {
    const problems = ['adding', 'copying', 'temporal-order', 'order'] as const;
    const made = problems.map((problem) => collectExamples(longMemoryDataset({ problem, train: 20, heldout: 5 })));
    expect(hashOf(await Promise.all(made))).toBe('ef8b52cc3276bac3e856e60eab316b10dd5bb999474e1adc4f2304cd964ab947');
  });

  it('moving digits', async () => {
    const made = await collectExamples(movingDigitsDataset(mnistDataset(), { train: 20, heldout: 5 }));
    expect(hashOf(made)).toBe('c9b2c953fb57d2b8a09524481f6086abf77f99cb0a134614702928859d236fa5');
  });
});
