// Data sets in a browser: their files come from beside their code, and gzipped ones are unpacked there.
import { sha256 } from '@unrolled/core';
import { brownDataset } from '@unrolled/dataset-brown';
import { emojiDrawings } from '@unrolled/dataset-emoji-captions';
import { gunPointTrain } from '@unrolled/dataset-gun-point';
import { japaneseVowelsTest } from '@unrolled/dataset-japanese-vowels';
import { mnistDigits } from '@unrolled/dataset-mnist';
import { movieReviewsHeldout } from '@unrolled/dataset-movie-reviews';
import { namesNationalityTest } from '@unrolled/dataset-names-nationality';
import { shakespeareText } from '@unrolled/dataset-shakespeare';
import { stateOfTheUnionSpeeches } from '@unrolled/dataset-state-of-the-union';
import { translationEnPtPairs } from '@unrolled/dataset-translation-en-pt';
import { expect, it } from 'vitest';

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
