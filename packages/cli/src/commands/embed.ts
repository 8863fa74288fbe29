// embed neighbors, embed analogy: questions to word vectors in a file.
import type { KeyedVectors, Neighbour } from '@unrolled/word-vectors';
import type { Command, Context } from '../context.ts';
import type { Flag } from '../flags/flag.ts';
import { EXIT } from '../io.ts';
import { readBytes } from '../read/bytes.ts';
import { decode } from '../read/decode.ts';
import { lines, unifyLineEnds } from '../read/text.ts';
import { measure } from '../show/number.ts';
import { table } from '../show/table.ts';
import { openVectors, VECTOR_FLAGS } from '../vectors.ts';

const ANSWER_FLAGS: readonly Flag[] = [
  { name: 'count', value: 'N', description: 'words that come back; default 10' },
  { name: 'most-frequent', value: 'N', description: 'look only among the first N words' },
];

/** The nearest words. */
export const embedNeighbors: Command = {
  name: 'embed neighbors',
  summary: 'the nearest words in a file of word2vec, GloVe, fastText or safetensors',
  usage: 'VECTORS WORD|-…',
  examples: [
    ['embed neighbors glove.6B.100d.txt frog', 'of a word'],
    ['embed neighbors cc.pt.300.bin saudade --limit 200000', 'among the most frequent'],
    ['embed neighbors vectors.vec.gz - < words.txt', 'of every line of stdin'],
  ],
  flags: [
    { title: 'Answers', flags: ANSWER_FLAGS },
    { title: 'Vectors', flags: VECTOR_FLAGS },
  ],
  shapesManifest: false,
  arguments: [2, Number.POSITIVE_INFINITY],
  run: async (context) => {
    const [path = '', ...words] = context.positionals;
    return await interruptible(context, async () => {
      const vectors = await openVectors(path, context);
      for await (const word of wordsOf(words, context))
        await answer(
          { word },
          vectors.neighbours(word, options(context, vectors)),
          words.length > 1 || word !== words[0],
          context,
        );
    });
  },
};

/** A is to B as C is to …. */
export const embedAnalogy: Command = {
  name: 'embed analogy',
  summary: 'what is to C as B is to A, by word vectors in a file',
  usage: 'VECTORS A B C',
  examples: [
    ['embed analogy glove.6B.100d.txt man king woman', 'man is to king as woman is to …'],
    ['embed analogy vectors.bin paris france rome --method 3CosMul', 'by products of similarities'],
  ],
  flags: [
    {
      title: 'Answers',
      flags: [
        ...ANSWER_FLAGS,
        { name: 'method', value: '3CosAdd|3CosMul', description: 'sums or products of similarities; default 3CosAdd' },
      ],
    },
    { title: 'Vectors', flags: VECTOR_FLAGS },
  ],
  shapesManifest: false,
  arguments: [4, 4],
  run: async (context) => {
    const [path = '', a = '', b = '', c = ''] = context.positionals;
    const method = context.values.choice('method', ['3CosAdd', '3CosMul']) ?? '3CosAdd';
    return await interruptible(context, async () => {
      const vectors = await openVectors(path, context);
      const found = vectors.analogy({ ...options(context, vectors), positive: [b, c], negative: [a], method });
      await answer({ a, b, c, method }, found, false, context);
    });
  },
};

function options({ values }: Context, vectors: KeyedVectors): { count: number; mostFrequent: number } {
  return {
    count: values.integer('count', 1) ?? 10,
    mostFrequent: values.integer('most-frequent', 1) ?? vectors.words.length,
  };
}

/** The words typed, and the lines of stdin where one is `-`. */
async function* wordsOf(given: readonly string[], { io, output }: Context): AsyncGenerator<string, void, void> {
  for (const word of given) {
    if (word !== '-') {
      yield word;
      continue;
    }
    const text = unifyLineEnds(decode(readBytes('-', io), { name: 'stdin', note: (line) => output.note(line) }));
    for await (const { line } of lines(text)) if (line !== '') yield line;
  }
}

/** Prints the answer to one question; under its word where there are several. */
async function answer(
  question: Readonly<Record<string, string>>,
  found: readonly Neighbour[],
  several: boolean,
  { output }: Context,
): Promise<void> {
  if (output.json) return await output.print(JSON.stringify({ ...question, neighbors: found }));
  if (several) await output.print(output.style('bold', question.word ?? ''));
  const rows = found.map(({ word, similarity }) => [word, measure(similarity)]);
  if (rows.length > 0) await output.print(table(rows, { right: [1], indent: several ? 2 : 0 }));
}

/** Ctrl-C ends a long reading quietly. */
async function interruptible({ io }: Context, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return EXIT.done;
  } catch (error) {
    if (io.signal.aborted && error === io.signal.reason) return EXIT.interrupted;
    throw error;
  }
}
