// Trains an example of ours as it is shipped, and takes the time.
import { examples, type TrainedNetwork } from '@unrolled/examples';
import type { ComparedExample, Outcome } from './compared.ts';

/** Which networks of which example. */
export interface Wanted extends Pick<ComparedExample, 'titles'> {
  readonly name: string;
}

/** What the example is told; its own where left out. */
export interface TrainingGiven {
  readonly seed: number;
  readonly epochs?: number | undefined;
  /** Examples to learn from, to see quickly that all works. */
  readonly limit?: number;
}

/**
 * Runs an example up to the last of the wanted networks.
 * @param visit - is given each while it lives.
 * @throws Error where the example lacks one of them
 */
export async function trainOurs(
  { name, titles }: Wanted,
  { seed, epochs, limit }: TrainingGiven,
  visit: (network: TrainedNetwork, times: Omit<Outcome, 'quality'>) => Promise<void>,
): Promise<void> {
  const example = examples.find((each) => each.name === name);
  if (!example) throw new Error(`There is no example ${name}.`);
  const left = new Set(titles);
  const done = new Error('All networks that are compared are trained.');
  const clock: number[] = []; // at the end of each epoch of each network
  const run = example.run({
    seed,
    ...(epochs !== undefined && { epochs }),
    ...(limit !== undefined && { limit }),
    print: () => {},
    note: () => clock.push(processorSeconds()),
    trained: async (network) => {
      if (!left.delete(network.title)) return;
      await visit(network, timesOf(network, clock));
      if (left.size === 0) throw done; // what else it trains or writes is not compared
    },
  });
  await run.catch((error: unknown) => {
    if (error !== done) throw error;
  });
  if (left.size > 0) throw new Error(`The example ${name} trained no network called ${[...left].join(' or ')}.`);
}

function timesOf({ history }: TrainedNetwork, clock: readonly number[]): Omit<Outcome, 'quality'> {
  const seconds = history.epochs.map((epoch) => epoch.seconds);
  const ends = clock.slice(-seconds.length);
  return { seconds, processor: ends.slice(1).map((end, before) => end - (ends[before] as number)) };
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
