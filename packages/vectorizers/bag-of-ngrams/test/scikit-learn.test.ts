// The profile scikit-learn on 1,000 random texts, against what scikit-learn made of them.
import { bagCases } from '@unrolled/goldens';
import { type BagVectorizerOptions, bagOfNgramsVectorizer } from '@unrolled/vectorizer-bag-of-ngrams';
import { describe, expect, test } from 'vitest';
import { expectSameBags } from './same-bags.ts';

describe('equals scikit-learn', () => {
  test.each(bagCases())('$name', (golden) => {
    const options: Partial<BagVectorizerOptions> = { profile: 'scikit-learn', ...golden.options };
    const vectorizer = bagOfNgramsVectorizer(options);
    const bags = vectorizer.fitTransform(golden.texts);
    if (golden.names) expect(vectorizer.featureNames).toEqual(golden.names);
    expectSameBags(bags, { ...golden, shape: [golden.texts.length, golden.columns] }, golden.name);
    expectSameBags(vectorizer.transform(golden.texts), bags, 'transform alone');
  });
});
