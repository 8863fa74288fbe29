// How well word vectors agree with people about pairs of words: ours and gensim's, trained on the same sentences, over seeds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPython } from '@unrolled/peers';
import { evaluateWordPairs, type Spread, spreadOf } from '@unrolled/word-vectors';
import { loadWordVectors } from '@unrolled/word-vectors/node';
import type { PeerName } from '../arguments.ts';
import { cache } from '../cache.ts';
import { type TrainedVectorsGiven, writeSentences } from '../word-vectors.ts';
import { type Part, start } from './part.ts';

const seeds = [1, 2, 3, 4, 5];

/** Someone who trains vectors. */
interface Trainer {
  readonly name: string;
  readonly peer?: PeerName;
  readonly given: Pick<TrainedVectorsGiven, 'mode' | 'threads' | 'parallel' | 'learningRate'>;
}

const trainers: readonly Trainer[] = (['skip-gram', 'cbow'] as const).flatMap((mode): readonly Trainer[] => [
  { name: `Unrolled, ${mode}, deterministic`, given: { mode, threads: 2, parallel: 'deterministic' } },
  { name: `Unrolled, ${mode}, hogwild, two threads`, given: { mode, threads: 2, parallel: 'hogwild' } },
  { name: `gensim, ${mode}`, peer: 'gensim', given: { mode, threads: 1 } },
  // our CBOW begins with word2vec.c's rate, gensim's with half of it
  ...(mode === 'cbow'
    ? [
        {
          name: `gensim, ${mode}, with our learning rate`,
          peer: 'gensim',
          given: { mode, threads: 1, learningRate: 0.05 },
        } as const,
      ]
    : []),
]);

/** What came of a trainer: rank correlations of each seed, and the largest memory of its processes in bytes. */
interface Found {
  readonly name: string;
  readonly correlations: Readonly<Record<string, readonly number[]>>;
  readonly memory: number;
}

/** Trains with each seed in a process of its own, so that its memory is that of one training. */
export const wordSimilarity: Part = async (settings, show) => {
  const { file } = await writeSentences();
  const gold = await goldPairs();
  const found: Found[] = [];
  const skipped: string[] = [];
  for (const { name, peer, given } of trainers) {
    const correlations = Object.fromEntries(Object.keys(gold).map((set) => [set, [] as number[]]));
    let memory = 0;
    for (const seed of seeds) {
      const { server, skipped: why } = await start(peer ? { peer } : {}, settings);
      if (!server) {
        skipped.push(`${name}: not measured, ${why}`);
        break;
      }
      try {
        const to = join(cache, 'trained-vectors.bin');
        await (await server.prepare('trained vectors', { file, to, seed, ...given })).run(1);
        memory = Math.max(memory, (await server.memory()).peak);
        const { vectors } = await loadWordVectors(to);
        for (const [set, pairs] of Object.entries(gold))
          correlations[set]?.push(evaluateWordPairs(vectors, pairs, { confidence: { samples: 1 } }).spearman.value);
      } finally {
        await server.stop();
      }
    }
    if (memory > 0) found.push({ name, correlations, memory });
  }
  show({
    title: `Agreement with people about pairs of words: Spearman’s correlation, mean ± deviation of ${seeds.length} seeds`,
    columns: ['', ...Object.keys(gold), 'memory MB'],
    rows: found.map(({ name, correlations, memory }) => [
      name,
      ...Object.values(correlations).map((values) => textOf(spreadOf(values))),
      memory / 1e6,
    ]),
    notes: skipped,
  });
  return found;
};

function textOf({ mean, deviation }: Spread): string {
  return `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;
}

/** The test sets as gensim brings them: their files have no clear licence, so they are nowhere in this repository. */
async function goldPairs(): Promise<Readonly<Record<string, string>>> {
  const files = await runPython<Readonly<Record<string, string>>>(
    `from gensim.test.utils import datapath
def main(_): return {"WordSim353": datapath("wordsim353.tsv"), "SimLex999": datapath("simlex999.txt")}`,
    null,
  );
  return Object.fromEntries(Object.entries(files).map(([set, file]) => [set, readFileSync(file, 'utf8')]));
}
