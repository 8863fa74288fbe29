// A registry of this project's own, for a worker: the default one, and a tokenizer that can kill the thread it runs on.
import { defineOptions, defineTokenizer, registry } from '../../src/index.ts';

const deaths: Readonly<Record<string, () => void>> = {
  'throw later': () => {
    setTimeout(() => {
      throw new RangeError('thrown by a timer');
    });
  },
  exit: () => process.exit(3),
  'fill memory': () => {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => index + kept.length));
  },
  'loop for ever': () => {
    for (;;);
  },
};

const deadly = defineTokenizer({
  name: 'deadly',
  package: 'unrolled-tokenizer-deadly',
  options: defineOptions({}),
  create: () => ({
    tokenize: (text) => {
      deaths[text]?.();
      return text.split(' ').map((word) => ({ text: word, start: 0, end: word.length }));
    },
  }),
});

export default registry.with([deadly]);
