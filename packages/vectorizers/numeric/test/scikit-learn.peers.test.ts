// Scaling against scikit-learn itself, run live: new random sequences each time.
import { relativeError } from '@unrolled/goldens';
import { runPython } from '@unrolled/peers';
import { numericVectorizer } from '@unrolled/vectorizer-numeric';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const script = `
import numpy
from sklearn.preprocessing import MinMaxScaler, StandardScaler

KINDS = {"standardize": StandardScaler, "range": MinMaxScaler}

def main(cases):
    return [KINDS[case["scale"]]().fit_transform(numpy.asarray(sum(case["examples"], []), float)).ravel().tolist() for case in cases]
`;

interface Case {
  readonly scale: 'standardize' | 'range';
  readonly examples: readonly (readonly (readonly number[])[])[];
}

// In thousandths: scikit-learn takes a range below 2.2e-15 for rounding, whatever the size of the values.
const value = fc.oneof(
  fc.integer({ min: -100_000, max: 100_000 }).map((thousandths) => thousandths / 1000),
  fc.constantFrom(0, 0.1, 1e6, -1e6),
);
const someCase: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 5 }).chain((width) => {
  const row = fc.array(value, { minLength: width, maxLength: width });
  const example = fc.array(row, { minLength: 1, maxLength: 20 });
  return fc.record({
    scale: fc.constantFrom('standardize' as const, 'range' as const),
    examples: fc.array(example, { minLength: 1, maxLength: 8 }),
  });
});

it('equals scikit-learn on 200 random sets of sequences', async () => {
  const seed = Date.now() & 0x7fffffff;
  const cases = fc.sample(someCase, { numRuns: 200, seed });
  const theirs = await runPython<readonly (readonly number[])[]>(script, cases);
  cases.forEach(({ scale, examples }, index) => {
    const fitter = numericVectorizer({ scale }).fit();
    for (const example of examples) fitter.add(example);
    const encoded = fitter.build().encode(examples.flat());
    if (encoded.kind !== 'vectors') throw new Error('vectors are expected');
    const error = relativeError(encoded.values, Float64Array.from(theirs[index] ?? []));
    expect(error, `case ${index} of seed ${seed}`).toBeLessThan(1e-9);
  });
});
