// What is trained here, live beside HF tokenizers: they load it, learn the same, and give the same tokens in the same places.
import { runPython } from '@unrolled/peers';
import { subwordsTokenizer, trainBytePairEncoding } from '@unrolled/tokenizer-subwords';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const script = `
import json
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
def main(input):
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=input["vocabularySize"], min_frequency=input["minimumFrequency"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    learner.train_from_iterator(input["corpus"], trainer)
    ours = Tokenizer.from_str(json.dumps(input["tokenizer"]))
    def encoded(text):
        found = ours.encode(text)
        units = [0]
        for character in text:
            units.append(units[-1] + (2 if ord(character) > 0xffff else 1))
        return {
            "ids": found.ids, "tokens": found.tokens, "decoded": ours.decode(found.ids),
            "spans": [[units[start], units[end]] for start, end in found.offsets]}
    return {"merges": json.loads(learner.to_str())["model"]["merges"], "encoded": [encoded(text) for text in input["texts"]]}
`;

interface Answer {
  readonly merges: readonly unknown[];
  readonly encoded: readonly {
    readonly ids: readonly number[];
    readonly tokens: readonly string[];
    readonly spans: readonly unknown[];
    readonly decoded: string;
  }[];
}

// Unicode grows: characters that one side does not know yet are left out by taking old ones.
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab c') }),
  fc.string({
    unit: fc.constantFrom(..."the lowest newest's ll\n\t 012éçãß中文かな한👍🏽𝒳\u0301\u0000\u0085\ufeff\u3000"),
  }),
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x24f }).map((code) => String.fromCharCode(code)) }),
);

test('random corpora', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const plan = fc.record({
    corpus: fc.array(text, { minLength: 20, maxLength: 60 }).filter((texts) => texts.some((one) => one !== '')),
    texts: fc.array(text, { minLength: 20, maxLength: 20 }),
    vocabularySize: fc.integer({ min: 256, max: 600 }),
    minimumFrequency: fc.integer({ min: 0, max: 3 }),
  });
  for (const { corpus, texts, ...settings } of fc.sample(plan, { seed, numRuns: 12 })) {
    const tokenizer = await trainBytePairEncoding(corpus, settings);
    const theirs = await runPython<Answer>(script, { corpus, texts, tokenizer, ...settings });
    expect(tokenizer.model.merges, `seed ${seed}`).toEqual(theirs.merges);
    const ours = subwordsTokenizer(tokenizer);
    const found = texts.map((one) => {
      const tokens = ours.tokenize(one);
      return {
        ids: tokens.map(({ id }) => id),
        tokens: tokens.map((token) => token.text),
        decoded: ours.decode(ours.encode(one)),
        spans: tokens.map(({ start, end }) => [start, end]),
      };
    });
    expect(found, `seed ${seed}`).toEqual(theirs.encoded);
  }
});
