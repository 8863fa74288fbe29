// Phrases beside gensim's, and what they leave as it was.
import { type Corpus, learnPhrases, Phrases } from '@unrolled/vectorizer-word2vec';
import { describe, expect, test } from 'vitest';

const corpus = [
  'the mayor of new york was there',
  'machine learning can be useful sometimes',
  'new york mayor was present',
  'the bank of america in new york is the bank of america',
  'machine learning of new york',
  'new york new york',
].map((text) => text.split(' '));

// Phrases of gensim 4.4.0: export_phrases() and phrases[sentence]
describe('learned as gensim learns them', () => {
  test('with connectors', async () => {
    const phrases = await learnPhrases(corpus, { minimumCount: 1, threshold: 1, connectors: ['of', 'the'] });
    expect(Object.fromEntries(phrases.scores)).toEqual({
      new_york: 4.861111111111112,
      machine_learning: 8.75,
      bank_of_america: 8.75,
    });
    expect(corpus.map((tokens) => phrases.join(tokens).join(' '))).toEqual([
      'the mayor of new_york was there',
      'machine_learning can be useful sometimes',
      'new_york mayor was present',
      'the bank_of_america in new_york is the bank_of_america',
      'machine_learning of new_york',
      'new_york new_york',
    ]);
  });

  test('by normalised pointwise mutual information', async () => {
    const phrases = await learnPhrases(corpus, { minimumCount: 1, threshold: 0.5, scoring: 'npmi' });
    const expected = {
      the_mayor: 0.5109241655259298,
      new_york: 1,
      was_there: 0.8107996404831299,
      machine_learning: 1,
      learning_can: 0.8107996404831299,
      can_be: 1,
      be_useful: 1,
      useful_sometimes: 1,
      mayor_was: 0.6215992809662599,
      was_present: 0.8107996404831299,
      the_bank: 0.8634988104158725,
      bank_of: 0.7666496751230285,
      of_america: 0.7666496751230285,
      america_in: 0.8107996404831299,
      in_new: 0.5109241655259298,
      york_is: 0.5109241655259298,
      is_the: 0.7001245250427999,
    };
    expect([...phrases.scores.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [phrase, value] of Object.entries(expected)) expect(phrases.scores.get(phrase)).toBeCloseTo(value, 12);
    const joined = corpus.slice(0, 4).map((tokens) => phrases.join(tokens).join(' '));
    expect(joined).toEqual([
      'the_mayor of new_york was_there',
      'machine_learning can_be useful_sometimes',
      'new_york mayor_was present',
      'the_bank of_america in_new york_is the_bank of_america',
    ]);
  });

  test('with a minimum count, and by the scores of word2phrase', async () => {
    const gensim = await learnPhrases(corpus, { minimumCount: 2, threshold: 1 });
    expect([...gensim.scores]).toEqual([['new_york', 4.555555555555555]]);
    const original = await learnPhrases(corpus, { minimumCount: 2, threshold: 1, scoring: 'word2vec.c' });
    // (6 − 2) ÷ 6 ÷ 6 · 39 words
    expect([...original.scores]).toEqual([['new_york', (4 / 6 / 6) * 39]]);
  });
});

test('phrases of more words come from a second pass', async () => {
  const more = Array.from({ length: 30 }, (_, i) =>
    i < 20 ? [`a${i}`, 'new', 'york', 'city', `b${i}`] : [`c${i}`, 'new', 'york', `d${i}`, 'city'],
  );
  const options = { minimumCount: 2, threshold: 0.5, scoring: 'npmi', delimiter: ' ' } as const;
  const first = await learnPhrases(more, options);
  expect(first.join(['new', 'york', 'city'])).toEqual(['new york', 'city']);
  const read: string[][] = [];
  for await (const tokens of first.over(more)) read.push([...tokens]);
  expect(read).toHaveLength(30);
  const second = await learnPhrases(first.over(more), options);
  expect(second.join(first.join(['x', 'new', 'york', 'city']))).toEqual(['x', 'new york city']);
});

test('tokens of any kind stay apart', async () => {
  const odd = [
    ['a b', 'c'],
    ['a', 'b c'],
    ['a b', 'c'],
    ['1 1:', ''],
  ];
  const phrases = await learnPhrases(odd, { minimumCount: 1, threshold: 0, delimiter: '+' });
  expect([...phrases.scores.keys()]).toEqual(['a b+c']);
  expect(phrases.join(['a', 'b c', 'a b', 'c'])).toEqual(['a', 'b c', 'a b+c']);
});

test('come back from JSON, and damaged data is refused', async () => {
  const phrases = await learnPhrases(corpus, { minimumCount: 1, threshold: 1, connectors: ['of'] });
  const back = Phrases.fromJSON(JSON.parse(JSON.stringify(phrases)));
  expect(back.toJSON()).toEqual(phrases.toJSON());
  expect(corpus.map((tokens) => back.join(tokens))).toEqual(corpus.map((tokens) => phrases.join(tokens)));
  for (const data of [null, 1, {}, { ...phrases.toJSON(), scores: [] }, { ...phrases.toJSON(), phrases: [[1]] }])
    expect(() => Phrases.fromJSON(data)).toThrow(expect.objectContaining({ code: 'MODEL_CORRUPT' }));
});

test('what is no corpus is refused', async () => {
  await expect(learnPhrases(['a text'])).rejects.toMatchObject({ code: 'SENTENCE_INVALID' });
  await expect(learnPhrases(undefined as unknown as Corpus)).rejects.toMatchObject({ code: 'CORPUS_INVALID' });
  await expect(learnPhrases(corpus, { minimumCount: 0 })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
});
