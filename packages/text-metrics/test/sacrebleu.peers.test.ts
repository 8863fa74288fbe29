// Live with sacreBLEU: random texts of old characters, any number of references, every setting; a new seed each time.
import { runPython } from '@unrolled/peers';
import { corpusBleu, corpusChrf, sentenceBleu, sentenceChrf } from '@unrolled/text-metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const seed = Math.floor(Math.random() * 2 ** 31);
const where = `seed ${seed}`;

const script = `
from sacrebleu.metrics import BLEU, CHRF
names = {"tokenizer": "tokenize", "smoothing": "smooth_method", "effectiveOrder": "effective_order", "order": "max_ngram_order",
         "characterOrder": "char_order", "wordOrder": "word_order"}
def scorer(kind, options):
    return kind(**{names.get(name, name): value for name, value in options.items()})
def main(corpora):
    found = []
    for corpus in corpora:
        hypotheses, references = corpus["hypotheses"], corpus["references"]
        most = max(map(len, references))
        streams = [[refs[at] if at < len(refs) else None for refs in references] for at in range(most)]
        bleu, chrf = scorer(BLEU, corpus["bleu"]), scorer(CHRF, corpus["chrf"])
        sentence = scorer(BLEU, corpus["bleu"] | {"effectiveOrder": True})
        found.append({
            "bleu": bleu.corpus_score(hypotheses, streams).score,
            "chrf": chrf.corpus_score(hypotheses, streams).score,
            "signatures": [str(bleu.get_signature()), str(chrf.get_signature())],
            "sentences": [[sentence.sentence_score(h, r).score, chrf.sentence_score(h, r).score] for h, r in zip(hypotheses, references)],
        })
    return found`;

interface Found {
  readonly bleu: number;
  readonly chrf: number;
  readonly signatures: readonly string[];
  readonly sentences: readonly (readonly [bleu: number, chrf: number])[];
}

// Unicode grows: characters that one side does not know yet are left out by taking old ones.
const pieces = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...'the cat on mat gato não é maçã'.split(' ')) },
  { weight: 2, arbitrary: fc.constantFrom(...' .,;:!?-\'"()[]{}<>/&%$#@*+=^_`|~\\0123456789 \n\t') },
  fc.constantFrom('&quot;', '&amp;', '&lt;', '&gt;', '<skipped>', '-\n', '1,000.5', '3.', '.5', '7-8', '...', "n't"),
  fc.constantFrom(...'日本語。中文，１２％한국어、「」ΣΣς١٢٫½²€«»…–¿°©'),
  fc.constantFrom('👍🏽', '👩‍👩‍👧', '🇵🇹', '\ud83d', '\ude00', '\u0301', '\u200b', '\ufeff'),
  fc.constantFrom(...'\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u205f\u3000'),
  fc.integer({ min: 0, max: 0x24f }).map((code) => String.fromCharCode(code)),
);
const text = fc
  .array(fc.tuple(pieces, fc.constantFrom('', ' ')), { maxLength: 20 })
  .map((parts) => parts.flat().join(''));
const bleuOptions = fc.record(
  {
    tokenizer: fc.constantFrom('13a', 'intl', 'char', 'none'),
    lowercase: fc.boolean(),
    smoothing: fc.constantFrom('exp', 'none'),
    effectiveOrder: fc.boolean(),
  },
  { requiredKeys: [] },
);
const chrfOptions = fc.record(
  {
    characterOrder: fc.integer({ min: 1, max: 8 }),
    wordOrder: fc.integer({ min: 0, max: 3 }),
    beta: fc.integer({ min: 1, max: 4 }),
    lowercase: fc.boolean(),
    whitespace: fc.boolean(),
  },
  { requiredKeys: [] },
);
const corpus = fc.record({
  pairs: fc.array(fc.tuple(text, fc.array(text, { minLength: 1, maxLength: 3 })), { minLength: 1, maxLength: 8 }),
  // Some hypotheses are one of their references, so that long n-grams match.
  copied: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  bleu: bleuOptions,
  chrf: chrfOptions,
});

test('scores and signatures are equal', async () => {
  const corpora = fc.sample(corpus, { seed, numRuns: 1500 }).map(({ pairs, copied, bleu, chrf }) => ({
    hypotheses: pairs.map(([hypothesis, references], index) =>
      copied[index] ? `${references[0]} ${hypothesis.slice(0, 5)}` : hypothesis,
    ),
    references: pairs.map(([, references]) => references),
    bleu,
    chrf,
  }));
  const theirs = await runPython<readonly Found[]>(script, corpora);
  let above = 0;
  for (const [index, { hypotheses, references, bleu, chrf }] of corpora.entries()) {
    const found = theirs[index] as Found;
    const [b, c] = [corpusBleu(hypotheses, references, bleu as object), corpusChrf(hypotheses, references, chrf)];
    const said = `${where}: ${JSON.stringify(corpora[index])}`;
    near([b.score, c.score], [found.bleu, found.chrf], said);
    expect([b.signature, c.signature]).toEqual(found.signatures.map((signature) => `${signature}|by:unrolled`));
    for (const [at, sentence] of found.sentences.entries()) {
      const [hypothesis, refs] = [hypotheses[at] as string, references[at] as readonly string[]];
      const ours = sentenceBleu(hypothesis, refs, { ...(bleu as object), effectiveOrder: true });
      near([ours.score, sentenceChrf(hypothesis, refs, chrf).score], sentence, said);
      if (ours.score > 1) above += 1;
    }
  }
  expect(above).toBeGreaterThan(1000);
});

/** Unknown here, or of the many that are all alike: private use, ideographs, Hangul. */
const tedious = /[\p{Cn}\p{Co}\p{Ideographic}\p{Script=Hangul}]/u;

test('every character is white space, upper case, a mark or a number to both alike, if both know it', async () => {
  const script = `
import unicodedata
from sacrebleu.metrics import BLEU
def main(input):
    known = [code for code in input if unicodedata.category(chr(code)) != "Cn"]
    counts = {}
    for tokenizer in ["13a", "intl", "char", "none"]:
        metric = BLEU(tokenize=tokenizer)
        counts[tokenizer] = [len(metric._preprocess_segment("a" + chr(code) + "b").split()) for code in known]
    return {"known": known, "counts": counts, "lower": [chr(code).lower() for code in known], "unicode": unicodedata.unidata_version}`;
  const theirs = await runPython<{
    known: number[];
    counts: Record<string, number[]>;
    lower: string[];
    unicode: string;
  }>(
    script,
    Array.from({ length: 0x110000 }, (_, code) => code).filter((code) => !tedious.test(String.fromCodePoint(code))),
  );
  const known = theirs.known.map((code) => String.fromCodePoint(code));
  const versions = `Unicode ${theirs.unicode} and ${process.versions.unicode}`;
  for (const tokenizer of ['13a', 'intl', 'char', 'none'] as const) {
    const wrong = known.filter(
      (character, index) =>
        corpusBleu([`a${character}b`], ['a'], { tokenizer }).hypothesisLength !== theirs.counts[tokenizer]?.[index],
    );
    expect(wrong, `${tokenizer}, ${versions}`).toEqual([]);
  }
  expect(
    known.filter((character, index) => character.toLowerCase() !== theirs.lower[index]),
    versions,
  ).toEqual([]);
});

function near(found: readonly number[], expected: readonly number[], said: string): void {
  for (const [index, value] of found.entries())
    if (!(Math.abs(value - (expected[index] as number)) < 1e-10)) expect(found, said).toEqual(expected);
}
