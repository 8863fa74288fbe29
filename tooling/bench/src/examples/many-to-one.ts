// An example of one label for a sequence beside the same network in PyTorch: same numbers, sizes and settings.
import { examples, type TrainedNetwork } from '@unrolled/examples';
import type { ExampleName } from '../arguments.ts';
import { cores } from '../cores.ts';
import { type ComparedExample, type Outcome, runScript } from './compared.ts';
import { describeManyToOne, type ManyToOneGiven } from './describe-many-to-one.ts';

/** Compares the network that an example reports as `title`. */
export function comparedManyToOne(name: ExampleName, title: string): ComparedExample {
  return {
    name,
    measure: 'accuracy',
    train: async (seed, epochs) => {
      const { ours, given } = await trainOurs(name, title, seed, epochs);
      return { ours, theirs: await runScript('many_to_one.py', { ...given, seed, threads: cores }) };
    },
  };
}

interface Trained {
  readonly ours: Outcome;
  readonly given: ManyToOneGiven;
}

/** Trains the example as it is shipped, and takes down what another library needs to do the same. */
async function trainOurs(name: string, title: string, seed: number, epochs?: number): Promise<Trained> {
  const example = examples.find((each) => each.name === name);
  if (!example) throw new Error(`There is no example ${name}.`);
  const clock: number[] = []; // at the end of each epoch of each network
  let found: (Omit<Trained, 'ours'> & { readonly ours: Omit<Outcome, 'quality'> }) | undefined;
  const { measures } = await example.run({
    seed,
    ...(epochs !== undefined && { epochs }),
    print: () => {},
    note: () => clock.push(processorSeconds()),
    trained: async (network: TrainedNetwork) => {
      if (network.title !== title) return;
      const seconds = network.history.epochs.map((epoch) => epoch.seconds);
      const ends = clock.slice(-seconds.length);
      const processor = ends.slice(1).map((end, before) => end - (ends[before] as number));
      found = { ours: { seconds, processor }, given: await describeManyToOne(network) };
    },
  });
  if (!found) throw new Error(`The example ${name} trained no network called ${title}.`);
  return { ...found, ours: { ...found.ours, quality: measures.recurrent as number } };
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
