// Tables that draws are made from: noise, words that stay, Huffman's tree, n-grams.
import { describe, expect, test } from 'vitest';
import { huffmanTree } from '../src/tables/huffman.ts';
import { aliasTable, drawNoise, noiseDistribution } from '../src/tables/noise.ts';
import { keepProbabilities, keepThresholds } from '../src/tables/subsampling.ts';
import { bucketsOf, subwordTable } from '../src/tables/subwords.ts';

/** Counts of gensim's common_texts: 29 words, 12 different ones. */
const common = [4, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2];

describe('noise', () => {
  test('has the cumulative table of gensim 4.4.0', () => {
    let sum = 0;
    const cumulative = [...noiseDistribution(common, 0.75)].map((probability) => {
      sum += probability;
      return Math.round(sum * (2 ** 31 - 1));
    });
    expect(cumulative).toEqual([
      262701638, 474420099, 686138559, 897857020, 1054060348, 1210263677, 1366467005, 1522670333, 1678873662,
      1835076990, 1991280319, 2147483647,
    ]);
  });

  test('is drawn from its table with these probabilities', () => {
    const counts = Array.from({ length: 1000 }, (_, rank) => Math.ceil(100_000 / (rank + 1)));
    const probabilities = noiseDistribution(counts, 0.75);
    const table = aliasTable(probabilities);
    const drawn = new Float64Array(counts.length);
    for (let column = 0; column < counts.length; column++) {
      const own = ((table[2 * column] as number) + 1) / 2 ** 32;
      drawn[column] = (drawn[column] as number) + own / counts.length;
      const other = table[2 * column + 1] as number;
      drawn[other] = (drawn[other] as number) + (1 - own) / counts.length;
    }
    for (const [word, probability] of probabilities.entries())
      expect(Math.abs((drawn[word] as number) - probability)).toBeLessThan(1e-9);
  });

  test('of a uniform number falls on both sides of a column', () => {
    const table = aliasTable(Float64Array.of(0.75, 0.25));
    const words = Array.from({ length: 100 }, (_, i) => drawNoise(table, (i + 0.5) / 100));
    expect(words.filter((word) => word === 0).length).toBe(75);
    expect(words.filter((word) => word === 1).length).toBe(25);
  });
});

describe('words that stay', () => {
  test('have the thresholds of gensim 4.4.0', () => {
    const thresholds = keepThresholds(keepProbabilities(common, 0.05));
    expect(Math.abs((thresholds[0] as number) - 4142838389)).toBeLessThan(2);
    expect([...thresholds.slice(1)]).toEqual(common.slice(1).map(() => 4294967295));
  });

  test('are all of them where nothing is frequent', () => {
    expect([...keepProbabilities(common, 0)]).toEqual(common.map(() => 1));
  });
});

describe("Huffman's tree", () => {
  const families: Readonly<Record<string, readonly number[]>> = {
    'of few words': common,
    'of equal counts': new Array<number>(37).fill(3),
    'of powers of two, which is as deep as can be': Array.from({ length: 30 }, (_, i) => 2 ** (30 - i)),
    'by Zipf': Array.from({ length: 5000 }, (_, rank) => Math.ceil(1e6 / (rank + 1))),
    'of two words': [5, 1],
  };
  for (const [name, counts] of Object.entries(families))
    test(`${name} has the least mean length, and no code begins another`, () => {
      const { starts, nodes, codes } = huffmanTree(counts);
      const lengths = counts.map((_, word) => (starts[word + 1] as number) - (starts[word] as number));
      const cost = counts.reduce((sum, count, word) => sum + count * (lengths[word] as number), 0);
      expect(cost).toBe(leastCost(counts));
      expect(lengths.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1);
      const prefixes = new Map<string, number>();
      for (const word of counts.keys()) {
        const at = starts[word] as number;
        let code = '';
        for (let i = 0; i < (lengths[word] as number); i++) {
          // a node is where the code so far leads, for every word alike
          const node = nodes[at + i] as number;
          expect(prefixes.get(code) ?? node).toBe(node);
          prefixes.set(code, node);
          code += codes[at + i];
        }
        expect(prefixes.has(code)).toBe(false);
        prefixes.set(code, -1 - word);
      }
      expect(new Set(nodes).size).toBe(counts.length - 1);
      expect(Math.max(...nodes)).toBe(counts.length - 2);
    });

  test('of one word has no node', () => {
    expect([...huffmanTree([3]).nodes]).toEqual([]);
  });
});

/** Joins the two smallest, again and again. */
function leastCost(counts: readonly number[]): number {
  const weights = [...counts];
  let cost = 0;
  while (weights.length > 1) {
    weights.sort((a, b) => b - a);
    const joined = (weights.pop() as number) + (weights.pop() as number);
    cost += joined;
    weights.push(joined);
  }
  return cost;
}

describe('n-grams', () => {
  const usual = { minimumNgram: 3, maximumNgram: 6, buckets: 2_000_000 };
  // ft_ngram_hashes of gensim 4.4.0
  const known: Readonly<Record<string, readonly number[]>> = {
    the: [1151151, 409726, 1648960, 861980, 60934, 816280],
    coração: [
      1361509, 704949, 47164, 1965182, 1157423, 1060298, 493924, 86450, 763007, 1056809, 864327, 1885944, 503198,
      433548, 1716825, 1323557, 765212, 246793, 58133, 66078, 1491040, 1479246,
    ],
    日本: [758587, 1313759, 196157],
    a: [1087600],
  };
  for (const [word, buckets] of Object.entries(known))
    test(`of ${word} have the buckets of fastText`, () => {
      expect(sorted(bucketsOf(word, usual))).toEqual(sorted(buckets));
    });

  test('that no word has take no row', () => {
    const { starts, rows, count } = subwordTable(['the', 'a', 'then'], usual);
    const own = new Set([...bucketsOf('the', usual), ...bucketsOf('a', usual), ...bucketsOf('then', usual)]);
    expect(count).toBe(3 + own.size);
    expect([...starts]).toEqual([0, 7, 9, 9 + 1 + bucketsOf('then', usual).length]);
    expect([rows[0], rows[7], rows[9]]).toEqual([0, 1, 2]);
  });

  test('of < and > alone are left out', () => {
    expect(bucketsOf('ab', { ...usual, minimumNgram: 1, maximumNgram: 1 })).toHaveLength(2);
  });
});

function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}
