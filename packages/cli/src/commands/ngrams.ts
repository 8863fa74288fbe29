// ngrams: the n-grams of texts, and how often each comes.
import { parseOptions, type TokenizerInstance, UnrolledError } from '@unrolled/core';
import type { Command, Context } from '../context.ts';
import { DATA_FLAGS, readOptions } from '../data.ts';
import { defined } from '../flags/run-flags.ts';
import { EXIT } from '../io.ts';
import { readExamples } from '../read/examples.ts';
import { sourcesOf } from '../read/sources.ts';
import { csvLine } from '../show/csv.ts';
import { count, counted } from '../show/number.ts';
import { table } from '../show/table.ts';

/** The command. */
export const ngrams: Command = {
  name: 'ngrams',
  summary: 'print the n-grams of texts with their counts',
  usage: '[TEXT|FILE|-]…',
  examples: [
    ['ngrams "The cat sat on the mat." --up-to 2', 'words and pairs of words of a text'],
    ['ngrams reviews.tsv --from 2 --up-to 3 --top 20', 'the most frequent of a file'],
    ['ngrams - --unit characters --up-to 5 --format csv', 'of every line of stdin'],
  ],
  flags: [
    {
      title: 'N-grams',
      flags: [
        { name: 'up-to', value: 'N', description: 'greatest number of units in an n-gram; default 2' },
        { name: 'from', value: 'N', description: 'least number of units; default 1' },
        {
          name: 'unit',
          value: 'words|characters|word-characters',
          description: 'what is counted; default words',
        },
        { name: 'skip', value: 'N', description: 'units that an n-gram may leave out inside; default 0' },
        { name: 'lowercase', description: 'texts in lower case first; --no-lowercase leaves them' },
        { name: 'top', value: 'N', description: 'only the N most frequent' },
        { name: 'minimum-count', value: 'N', description: 'only those that come at least N times' },
        { name: 'format', value: 'table|jsonl|csv', description: 'what is written; default table' },
        { name: 'text', value: 'TEXT', many: true, description: 'a text, even if a file is called so; repeatable' },
      ],
    },
    { title: 'Data', flags: DATA_FLAGS },
  ],
  shapesManifest: false,
  arguments: [0, Number.POSITIVE_INFINITY],
  run: async (context) => {
    const { values, output } = context;
    const format = values.choice('format', ['table', 'jsonl', 'csv']) ?? (output.json ? 'jsonl' : 'table');
    const found = await countNgrams(context);
    const kept = choose(found.counts, values.integer('minimum-count', 1), values.integer('top', 1));
    const total = `${counted(found.texts, 'text')}: ${counted(found.counts.size, 'n-gram')}, ${count(found.occurrences)} in all`;
    output.note(kept.length < found.counts.size ? `${total}; ${count(kept.length)} shown` : total);
    if (format === 'table') {
      const rows = kept.map(([text, times]) => [count(times), text]);
      if (rows.length > 0) await output.print(table(rows, { right: [0] }));
    } else {
      if (format === 'csv') await output.print(csvLine(['ngram', 'count']));
      for (const [ngram, times] of kept)
        await output.print(
          format === 'csv' ? csvLine([ngram, String(times)]) : JSON.stringify({ ngram, count: times }),
        );
    }
    return EXIT.done;
  },
};

interface Found {
  /** In the order of first places. */
  readonly counts: ReadonlyMap<string, number>;
  readonly texts: number;
  readonly occurrences: number;
}

/** Counts over all texts; no n-gram reaches from one into the next. */
async function countNgrams(context: Context): Promise<Found> {
  const tokenizer = tokenizerOf(context);
  const split = context.values.text('split');
  const counts = new Map<string, number>();
  let [texts, occurrences] = [0, 0];
  for (const source of sourcesOf(context.positionals, context)) {
    const examples =
      'path' in source ? readExamples(source.path, readOptions(context, false), context.io) : [source.example];
    for await (const { text = '', split: of } of examples) {
      if (split !== undefined && of !== split) continue;
      const found = tokenizer.tokenize(text);
      for (const { text: ngram } of found) counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
      texts += 1;
      occurrences += found.length;
    }
  }
  return { counts, texts, occurrences };
}

function tokenizerOf({ registry, values }: Context): TokenizerInstance {
  const plugin = registry.find('tokenizer', 'ngrams');
  if (plugin?.kind !== 'tokenizer')
    throw new UnrolledError('PLUGIN_MISSING', 'This command line has no tokenizer "ngrams".', {
      mend: 'Run npm install @unrolled/tokenizer-ngrams, and add --plugin @unrolled/tokenizer-ngrams.',
    });
  const [from = 1, to = Math.max(from, 2)] = [values.integer('from', 1), values.integer('up-to', 1)];
  const given = {
    from,
    to,
    unit: values.text('unit'),
    skip: values.integer('skip', 0),
    lowercase: values.flag('lowercase'),
  };
  return plugin.create(parseOptions(plugin.options, defined(given), 'tokenizer "ngrams"'));
}

/** The most frequent first; of equals the one that came first. */
function choose(
  counts: ReadonlyMap<string, number>,
  least = 1,
  most = Number.POSITIVE_INFINITY,
): readonly (readonly [string, number])[] {
  const kept = [...counts].filter(([, times]) => times >= least);
  return kept.sort(([, a], [, b]) => b - a).slice(0, most);
}
