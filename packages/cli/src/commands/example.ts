// example: trains one of the shipped examples on real data and prints its measures beside a baseline.
import { nearest, UnrolledError } from '@unrolled/core';
import type { Command, Context } from '../context.ts';
import type { ProgramExample, ProgramExamples } from '../examples.ts';
import { EXIT } from '../io.ts';
import { table } from '../show/table.ts';
import { usageError } from '../usage.ts';

/** The command. */
export const example: Command = {
  name: 'example',
  summary: 'train one of the shipped examples on real data; without a name, list them',
  usage: '[NAME]',
  examples: [
    ['example', 'the examples, and the data that each reads'],
    ['example names', 'where a name is from, by its spelling'],
    ['example names --json', 'the measures as one JSON object'],
  ],
  flags: [
    {
      title: 'Training',
      flags: [
        { name: 'seed', value: 'N', description: 'decides every random draw; default 1' },
        { name: 'epochs', value: 'N', description: "passes over the data; default the example's own" },
        { name: 'limit', value: 'N', description: 'only so many training examples, to see that all works' },
      ],
    },
  ],
  shapesManifest: false,
  arguments: [0, 1],
  run: async (context) => {
    const { examples } = await loadExamples(context);
    const [name] = context.positionals;
    if (name === undefined) return list(examples, context);
    return train(find(examples, name), context);
  },
};

async function loadExamples({ program }: Context): Promise<ProgramExamples> {
  if (program.examples) return program.examples();
  throw new UnrolledError('NOT_AVAILABLE', `${program.name} brings no examples.`, {
    mend: 'Use the command of the package unrolled: npx unrolled example',
  });
}

async function list(examples: readonly ProgramExample[], { output }: Context): Promise<number> {
  if (output.json) {
    const plain = examples.map(({ name, summary, data }) => ({ name, summary, data }));
    await output.print(JSON.stringify(plain));
  } else await output.print(table(examples.map(({ name, summary, data }) => [name, summary, data.join(' ')])));
  return EXIT.done;
}

function find(examples: readonly ProgramExample[], name: string): ProgramExample {
  const found = examples.find((each) => each.name === name);
  if (found) return found;
  const names = examples.map((each) => each.name);
  const near = nearest(name, names);
  throw usageError(
    'EXAMPLE_UNKNOWN',
    `There is no example ${JSON.stringify(name)}.`,
    near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${JSON.stringify(near)}?`,
  );
}

async function train(chosen: ProgramExample, { output, values, io }: Context): Promise<number> {
  const [epochs, limit] = [values.integer('epochs', 1), values.integer('limit', 1)];
  const lines: string[] = [];
  const report = await chosen.run({
    seed: values.integer('seed', 0) ?? 1,
    ...(epochs !== undefined && { epochs }),
    ...(limit !== undefined && { limit }),
    print: (line) => lines.push(line),
    note: (line) => output.note(line),
    progress: (line) => output.showBar(line),
    signal: io.signal,
  });
  await output.print(output.json ? JSON.stringify(report) : lines.join('\n'));
  return EXIT.done;
}
