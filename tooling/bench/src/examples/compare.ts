// Compares the networks of an example with the same ones in PyTorch: trains ours, then theirs.
import { fileURLToPath } from 'node:url';
import type { TrainedNetwork } from '@unrolled/examples';
import { runPython } from '@unrolled/peers';
import { cores } from '../cores.ts';
import type { Answer, ComparedExample, Kind, Pair } from './compared.ts';
import { describeTraining } from './describe.ts';
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
    const answer = await runScript(kind.script, await describeAll(kind, network));
    const { seconds, processor } = answer;
    pairs.push({
      title: network.title,
      ours: { quality: await kind.ours(network), ...times },
      theirs: { quality: await kind.theirs(answer, network), seconds, processor },
    });
  });
  return pairs;
}

/** What a script is given. */
export async function describeAll(kind: Kind, network: TrainedNetwork) {
  return { ...(await describeTraining(network, cores)), ...(await kind.describe(network)) };
}

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Runs the `main` of a Python module of this folder. */
export function runScript(module: string, given: object): Promise<Answer> {
  const script = [
    'import os, sys',
    // Threads that sleep while they wait: spinning ones lose most of their speed where other programs run.
    'os.environ["OMP_WAIT_POLICY"] = "passive"',
    'sys.dont_write_bytecode = True',
    `sys.path.insert(0, ${JSON.stringify(folder)})`,
    `from ${module} import main`,
  ].join('\n');
  return runPython<Answer>(script, given, { timeoutSeconds: 4 * 3600 });
}
