// Compares the networks of an example with the same ones in PyTorch: trains ours, then theirs.
import { fileURLToPath } from 'node:url';
import type { TrainedNetwork } from '@unrolled/examples';
import { runPython } from '@unrolled/peers';
import { cores } from '../cores.ts';
import type { Answer, ComparedExample, Kind, Pair, Times } from './compared.ts';
import { describeTraining, type TrainingDescription } from './describe.ts';
import { trainOurs } from './train-ours.ts';

/** Trains an example with a seed, and each of its compared networks in PyTorch. @param epochs - where they should be others than the example's own. */
export async function compareExample(
  name: string,
  { titles, kind }: ComparedExample,
  seed: number,
  epochs?: number,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  await trainOurs({ name, titles }, { seed, epochs }, async (network, times) => {
    const given = await describeAll(kind, network);
    const answer = await runScript(kind.script, given);
    pairs.push({
      title: network.title,
      ours: { quality: await kind.ours(network), ...times },
      theirs: { quality: await kind.theirs(answer, network), ...timesOf(answer) },
      ...(seed === 1 && { spinning: timesOf(await runScript(kind.script, shortened(given), 'spinning')) }),
    });
  });
  return pairs;
}

function timesOf({ seconds, processor }: Answer): Times {
  return { seconds, processor };
}

/** Trains as long as times take to be told. */
function shortened(given: TrainingDescription): TrainingDescription {
  const { earlyStopping, epochs, ...training } = given.training;
  return { ...given, training: { ...training, epochs: Math.min(epochs, 3) } };
}

/** What a script is given. */
export async function describeAll(kind: Kind, network: TrainedNetwork) {
  return { ...(await describeTraining(network, cores)), ...(await kind.describe(network)) };
}

const folder = fileURLToPath(new URL('.', import.meta.url));

/**
 * Runs the `main` of a Python module of this folder.
 *
 * @param waiting - what its threads do while they wait: those that spin lose most of their speed where other programs run
 */
export function runScript(module: string, given: object, waiting: 'asleep' | 'spinning' = 'asleep'): Promise<Answer> {
  const script = [
    'import os, sys',
    ...(waiting === 'asleep' ? ['os.environ["OMP_WAIT_POLICY"] = "passive"'] : []),
    'sys.dont_write_bytecode = True',
    `sys.path.insert(0, ${JSON.stringify(folder)})`,
    `from ${module} import main`,
  ].join('\n');
  return runPython<Answer>(script, given, { timeoutSeconds: 4 * 3600 });
}
