// Word vectors: counting and an epoch of Word2Vec, in one thread and two, beside gensim.
import { type WordVectorsGiven, writeSentences } from '../word-vectors.ts';
import { comparedTable, seconds } from './compared.ts';
import { compete, type Entry, type Part } from './part.ts';

/** Each mode; threads side by side. */
export const wordVectors: Part = async (settings, show) => {
  const { file, tokens } = await writeSentences();
  const found: Record<string, unknown> = {};
  for (const mode of ['skip-gram', 'cbow'] as const) {
    const results = await compete(entriesOf({ file, mode }), settings);
    const perSecond = { name: '1000 words/s', of: (median: number) => tokens / median };
    const title = `Word vectors, ${mode}: an epoch of ${(tokens / 1e6).toFixed(1)} million words, counting included`;
    show(comparedTable(title, results, { unit: seconds, further: [perSecond] }));
    found[mode] = results;
  }
  return found;
};

function entriesOf(given: Pick<WordVectorsGiven, 'file' | 'mode'>): readonly Entry[] {
  const work = 'word vectors';
  // what two cores can do at most: cores of one chip slow each other down
  const ceiling: Entry = {
    ...{ name: 'Unrolled, hogwild, two processes of one thread', work, processes: 2 },
    given: { ...given, threads: 1, parallel: 'hogwild' },
  };
  const trained = [1, 2].flatMap((threads): Entry[] => {
    const count = threads === 1 ? 'one thread' : 'two threads';
    const ours = (['deterministic', 'hogwild'] as const).map((parallel) => ({
      name: `Unrolled, ${parallel}, ${count}`,
      work,
      given: { ...given, threads, parallel },
    }));
    return [...ours, { name: `gensim, ${count}`, peer: 'gensim', work, given: { ...given, threads } }];
  });
  return [...trained, ceiling];
}
