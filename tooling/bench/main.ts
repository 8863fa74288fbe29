// npm run bench: measures Unrolled beside other libraries, prints tables and writes what was measured to a JSON file.
import { relative } from 'node:path';
import { type PartName, parseArguments, type Settings, UsageError, usage } from './src/arguments.ts';
import { root } from './src/cache.ts';
import { describeMachine, load } from './src/machine.ts';
import { bags } from './src/parts/bags.ts';
import { cells } from './src/parts/cells.ts';
import { examples } from './src/parts/examples.ts';
import { growth } from './src/parts/growth.ts';
import { inference } from './src/parts/inference.ts';
import { oneHot } from './src/parts/one-hot.ts';
import type { Part } from './src/parts/part.ts';
import { reviews } from './src/parts/reviews.ts';
import { serving } from './src/parts/serving.ts';
import { shakespeare } from './src/parts/shakespeare.ts';
import { startUp } from './src/parts/start-up.ts';
import { streaming } from './src/parts/streaming.ts';
import { subwords } from './src/parts/subwords.ts';
import { training } from './src/parts/training.ts';
import { wordSimilarity } from './src/parts/word-similarity.ts';
import { wordVectors } from './src/parts/word-vectors.ts';
import { writeReport } from './src/report.ts';
import { renderTable, type Table } from './src/table.ts';

const parts: Readonly<Record<PartName, Part>> = {
  training,
  inference,
  growth,
  streaming,
  'one-hot': oneHot,
  serving,
  cells,
  'start-up': startUp,
  reviews,
  shakespeare,
  examples,
  subwords,
  bags,
  'word-vectors': wordVectors,
  'word-similarity': wordSimilarity,
};

const settings = read();
if (settings.help) console.log(usage);
else await bench(settings);

function read(): Settings {
  try {
    return parseArguments(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

async function bench(settings: Settings): Promise<void> {
  const machine = describeMachine();
  const atStart = load();
  const { processor, cores, memoryGigabytes, node, system } = machine;
  console.log(`${processor}, ${cores} cores, ${memoryGigabytes} GB; ${system}; Node ${node}; load ${atStart}`);
  console.log(
    `Medians of ${settings.rounds} interleaved rounds (rounds × calls in each); all cores for everyone, float32.\n`,
  );
  const found: Partial<Record<PartName, unknown>> = {};
  const tables: Table[] = [];
  const show = (table: Table): void => {
    tables.push(table);
    console.log(`${renderTable(table)}\n`);
  };
  for (const name of settings.parts) {
    try {
      found[name] = await parts[name](settings, show);
    } catch (error) {
      console.error(`${name} failed: ${(error as Error).message}\n`);
      found[name] = { failed: (error as Error).message };
      process.exitCode = 1;
    }
    const file = writeReport({ machine, load: { start: atStart, end: load() }, settings, tables, parts: found });
    if (name === settings.parts.at(-1)) console.log(`Load ${load()} at the end. Written to ${relative(root, file)}`);
  }
}
