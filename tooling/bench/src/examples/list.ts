// The examples that are compared with PyTorch.
import { corpusBleu, exactMatch, tokenAccuracy } from '@unrolled/text-metrics';
import type { ExampleName } from '../arguments.ts';
import type { ComparedExample, Quality } from './compared.ts';
import { manyToMany, manyToOne } from './labels.ts';
import { type Written, writer } from './writer.ts';

/** By name; the order is that of `exampleNames`. */
export const comparedExamples: Readonly<Record<ExampleName, ComparedExample>> = {
  vowels: { titles: ['two-way LSTM'], kind: manyToOne },
  'gun-point': { titles: ['two-way LSTM'], kind: manyToOne },
  language: { titles: ['LSTM'], kind: manyToOne },
  names: { titles: ['two-way LSTM'], kind: manyToOne },
  tags: { titles: ['two-way LSTM'], kind: manyToMany },
  video: { titles: ['LSTM'], kind: manyToMany },
  dates: { titles: ['encoder–decoder'], kind: writer(exactShare) },
  translation: {
    titles: ['no', 'additive', 'multiplicative'].map((kind) => `English → Portuguese, ${kind} attention`),
    kind: writer(bleuInLowerCase),
  },
  captioning: { titles: ['captioner'], kind: writer(wordsOfNewCaptions) },
};

function exactShare(written: readonly Written[]): Quality {
  return {
    exact: exactMatch(
      written.map(({ text }) => text),
      written.map(({ right }) => right.text),
    ),
  };
}

function bleuInLowerCase(written: readonly Written[]): Quality {
  const texts = written.map(({ text }) => text);
  const references = written.map(({ right }) => right.text);
  return { BLEU: corpusBleu(texts, references, { lowercase: true }).score };
}

/** Of captions that no training drawing has: skin tones held out. Another artist's drawings have captions that were seen. */
function wordsOfNewCaptions(written: readonly Written[]): Quality {
  const held = written.filter(({ seen }) => !seen);
  const joined = (all: readonly (readonly string[])[]) => all.map((words) => words.join(' '));
  const [tokens, right] = [held.map((one) => one.tokens), held.map((one) => one.right.tokens)];
  return { words: tokenAccuracy(tokens, right), exact: exactMatch(joined(tokens), joined(right)) };
}
