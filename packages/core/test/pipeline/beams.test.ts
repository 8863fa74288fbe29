// The search for the likeliest sequence against every sequence there is, over models small enough to write them all down.
import { describe, expect, test } from 'vitest';
import { type BeamSettings, createBeams } from '../../src/pipeline/beams.ts';

const boundary = 0;

/** Logarithms of the probabilities of the next token `[tokens]`, by the tokens before. */
type Model = (ids: readonly number[]) => Float64Array;

/** A model of `tokens` tokens, the boundary among them, drawn anew after every beginning. */
function randomModel(tokens: number, seed: number, sharpness: number): Model {
  return (ids) => {
    let state = ids.reduce((hash, id) => Math.imul(hash ^ (id + 1), 0x01000193) >>> 0, (seed * 2654435761) >>> 0);
    const draws = Array.from({ length: tokens }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state / 2 ** 32) * sharpness;
    });
    const total = Math.log(draws.reduce((sum, draw) => sum + Math.exp(draw), 0));
    return Float64Array.from(draws, (draw) => draw - total);
  };
}

/** Searches as a decoder does: rows are beginnings, handed on as the search says. */
function search(model: Model, settings: Partial<BeamSettings>, maximumLength: number, example = 0) {
  const { beam = 1 } = settings;
  const beams = createBeams(boundary, { lengthPenalty: 0, sampling: undefined, ...settings, beam }, example);
  let rows: (readonly number[])[] = Array.from({ length: beam }, () => []);
  for (let index = 0; index < maximumLength && rows.length > 0; index += 1) {
    const last = beams.last();
    if (last.length !== beam) throw new Error(`${last.length} last tokens of ${beam} rows`);
    rows = rows.map((ids, k) => (index === 0 ? ids : [...ids, last[k] as number]));
    rows = beams.grow(rows.map(model), index).map((from) => rows[from] as readonly number[]);
    if (rows.length !== 0 && rows.length !== beam) throw new Error(`${rows.length} rows of ${beam}`);
  }
  return beams.best();
}

/** Every sequence that ends within so many tokens, the end included, with its log-probability; and every one that the limit cuts. */
function everySequence(model: Model, tokens: number, maximumLength: number, ids: readonly number[] = [], before = 0) {
  const next = model(ids);
  const all = [{ ids, logProbability: before + (next[boundary] as number), ended: true }];
  for (let id = 1; id < tokens; id += 1) {
    const [longer, logProbability] = [[...ids, id], before + (next[id] as number)];
    if (maximumLength > 1) all.push(...everySequence(model, tokens, maximumLength - 1, longer, logProbability));
    else all.push({ ids: longer, logProbability, ended: false });
  }
  return all;
}

const seeds = Array.from({ length: 20 }, (_, seed) => seed);

describe('a beam as wide as needed', () => {
  test.each([0, 0.6, 1, 2])('finds the best of all sequences, with a length penalty of %d', (lengthPenalty) => {
    const [tokens, maximumLength] = [4, 4];
    for (const seed of seeds) {
      const model = randomModel(tokens, seed, 4);
      const scored = everySequence(model, tokens, maximumLength).map((each) => ({
        ...each,
        score: each.logProbability / (each.ids.length + (each.ended ? 1 : 0)) ** lengthPenalty,
      }));
      const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
      // One more than there are beginnings, so that no end is pushed out.
      const found = search(model, { beam: 3 ** maximumLength + 1, lengthPenalty }, maximumLength);
      expect(found.ids, `seed ${seed}`).toEqual(best.ids);
      expect(found.logProbability).toBeCloseTo(best.logProbability, 12);
      expect(found.ended).toBe(best.ended);
    }
  });

  test('prefers longer sequences the higher the penalty is', () => {
    const meanLength = (lengthPenalty: number) => {
      const lengths = seeds.map((seed) => search(randomModel(4, seed, 1), { beam: 82, lengthPenalty }, 4).ids.length);
      return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    };
    expect(meanLength(0)).toBeLessThan(meanLength(0.6));
    expect(meanLength(0.6)).toBeLessThan(meanLength(2));
  });
});

describe('a beam of one', () => {
  test.each([0, 1])('takes the likeliest token each time, whatever the length penalty: %d', (lengthPenalty) => {
    for (const seed of seeds) {
      const model = randomModel(5, seed, 5);
      const ids: number[] = [];
      let logProbability = 0;
      let ended = false;
      while (!ended && ids.length < 6) {
        const next = model(ids);
        const likeliest = next.indexOf(Math.max(...next));
        logProbability += next[likeliest] as number;
        ended = likeliest === boundary;
        if (!ended) ids.push(likeliest);
      }
      expect(search(model, { lengthPenalty }, 6)).toEqual({ ids, logProbability, ended });
    }
  });

  test('takes the lower number of two that are as likely', () => {
    const even: Model = (ids) => Float64Array.of(ids.length < 2 ? -9 : -1, -2, -2, -2);
    expect(search(even, {}, 5)).toEqual({ ids: [1, 1], logProbability: -5, ended: true });
  });
});

describe('a beam', () => {
  test('finds what a greedy search misses', () => {
    // After 1 nothing is likely; after 2 the end is nearly certain.
    const table: Record<string, number[]> = { '': [0.01, 0.5, 0.49], '1': [0.3, 0.35, 0.35], '2': [0.98, 0.01, 0.01] };
    const model: Model = (ids) => Float64Array.from(table[ids.join('')] ?? [0.34, 0.33, 0.33], Math.log);
    expect(search(model, { beam: 1 }, 8).ids[0]).toBe(1);
    const { ids, logProbability } = search(model, { beam: 2 }, 8);
    expect(ids).toEqual([2]);
    expect(logProbability).toBeCloseTo(Math.log(0.49 * 0.98), 12);
  });

  test('gives its best beginning where none has ended within the limit', () => {
    const endless: Model = () => Float64Array.from([1e-9, 0.4, 0.6 - 1e-9], Math.log);
    const { ids, logProbability, ended } = search(endless, { beam: 2 }, 3);
    expect({ ids, ended }).toEqual({ ids: [2, 2, 2], ended: false });
    expect(logProbability).toBeCloseTo(3 * Math.log(0.6), 6);
  });

  test('is cut by the limit at what is likelier than all that have ended, and takes what ended where that is likelier', () => {
    // The end is never likely but at the fourth step.
    const late: Model = (ids) => Float64Array.from(ids.length < 3 ? [0.1, 0.5, 0.4] : [0.8, 0.1, 0.1], Math.log);
    expect(search(late, { beam: 2 }, 3)).toMatchObject({ ids: [1, 1, 1], ended: false });
    expect(search(late, { beam: 2 }, 4)).toMatchObject({ ids: [1, 1, 1], ended: true });
    const early: Model = (ids) => Float64Array.from(ids.length < 1 ? [0.3, 0.5, 0.2] : [0.01, 0.5, 0.49], Math.log);
    expect(search(early, { beam: 2 }, 2)).toMatchObject({ ids: [], ended: true });
  });

  test('never goes on with a token that can’t come', () => {
    const model: Model = (ids) => Float64Array.of(ids.length === 0 ? -Infinity : -1, -Infinity, -1, -Infinity);
    for (const beam of [1, 2, 4]) expect(search(model, { beam }, 5).ids).toEqual([2]);
  });
});

describe('drawing', () => {
  const sampling = { temperature: 1, topK: undefined, topP: undefined, seed: 7 };

  test('gives sequences as often as they are likely', () => {
    const model = randomModel(3, 5, 2);
    const counts = new Map<string, number>();
    const draws = 4000;
    for (let example = 0; example < draws; example += 1) {
      const { ids, ended } = search(model, { sampling }, 3, example);
      if (ended) counts.set(ids.join(), (counts.get(ids.join()) ?? 0) + 1);
    }
    for (const { ids, logProbability } of everySequence(model, 3, 3).filter(({ ended }) => ended)) {
      const probability = Math.exp(logProbability);
      const deviation = Math.sqrt((probability * (1 - probability)) / draws);
      expect(Math.abs((counts.get(ids.join()) ?? 0) / draws - probability), ids.join()).toBeLessThan(4 * deviation);
    }
  });

  test('gives the log-probability under the model, whatever the temperature', () => {
    const model = randomModel(4, 3, 3);
    for (const temperature of [0.1, 1, 3]) {
      const { ids, logProbability, ended } = search(model, { sampling: { ...sampling, temperature } }, 6);
      const drawn = ended ? [...ids, boundary] : ids;
      const total = drawn.reduce((sum, id, step) => sum + (model(ids.slice(0, step))[id] as number), 0);
      expect(logProbability).toBeCloseTo(total, 12);
    }
  });
});
