// Training steps of an LSTM, beside other libraries, on one thread and on two, and beside its bare matrix products.
import type { PeerName } from '../arguments.ts';
import { asleep } from '../contenders.ts';
import { cores } from '../cores.ts';
import type { Measured } from '../rounds.ts';
import { describeShape, type Shape, type ShapeName, shapes, trainingWork } from '../shapes.ts';
import { quantile } from '../statistics.ts';
import { textOf } from '../table.ts';
import { comparedTable } from './compared.ts';
import { compete, type Entry, type Part, type Result, ratioTo } from './part.ts';

const allCores = `Unrolled, ${cores} ${cores === 1 ? 'thread' : 'threads'}`;
const oneThread = 'Unrolled, 1 thread';
const twoThreads = 'Unrolled, 2 threads';
const bareProducts = 'its matrix products, 1 thread';

/** Forward, backward and Adam; many to one, two classes. */
export const training: Part = async (settings, show) => {
  const found: Partial<Record<ShapeName, readonly Result[]>> = {};
  for (const name of settings.shapes) {
    const shape = shapes[name];
    const results = await compete(entriesOf(shape), settings);
    const rate = { name: 'GFLOP/s', of: (median: number) => trainingWork(shape) / (1e6 * median) };
    const title = `Training step, ${name}: ${describeShape(shape)} (batch × steps, inputs → units)`;
    show(comparedTable(title, results, { further: [rate], notes: notesOf(results) }));
    found[name] = results;
  }
  return found;
};

function entriesOf(shape: Shape): readonly Entry[] {
  const of = (name: string, threads: number): Entry => ({
    name,
    work: 'training',
    given: { shape, cell: 'lstm', threads },
  });
  const by = (name: string, peer: PeerName, given = {}): Entry => ({
    name,
    peer,
    work: 'training',
    given: { shape, ...given },
  });
  return [
    of(allCores, cores),
    ...(cores > 2 ? [of(twoThreads, 2)] : []),
    ...(cores > 1 ? [of(oneThread, 1)] : []),
    { name: bareProducts, work: 'gemms', given: { shape } },
    by('PyTorch', 'pytorch'),
    { ...by('PyTorch, waiting asleep', 'pytorch'), env: asleep },
    by('Keras', 'keras', { xla: false }),
    by('Keras, XLA', 'keras', { xla: true }),
    by('tf.layers.lstm, tfjs-node', 'tfjs-node'),
    { ...by('Unrolled on tfjs-node', 'tfjs-node'), work: 'ours' },
    by('tf.layers.lstm, tfjs wasm', 'tfjs-wasm'),
    { ...by('Unrolled on tfjs wasm', 'tfjs-wasm'), work: 'ours' },
    by('tf.layers.lstm, tfjs cpu', 'tfjs-cpu'),
    { ...by('Unrolled on tfjs cpu', 'tfjs-cpu'), work: 'ours' },
  ];
}

/** How two threads compare with one, and one with the bare products. */
function notesOf(results: readonly Result[]): readonly string[] {
  const named = (name: string): Result | undefined => results.find((result) => result.name === name);
  const one = named(oneThread) ?? named(allCores);
  const two = named(twoThreads) ?? named(cores === 2 ? allCores : '');
  const speedUp = two && one && ratioTo(two, one);
  const bare = named(bareProducts);
  // Of processor time, since both have one thread and other programs may run.
  const share = one?.measured && bare?.measured && processorOf(bare.measured) / processorOf(one.measured);
  return [
    ...(speedUp === undefined ? [] : [`2 threads are ${textOf(speedUp)} times as fast as 1`]),
    ...(share === undefined
      ? []
      : [`1 thread sustains ${Math.round(100 * share)}% of its bare matrix products' speed`]),
  ];
}

function processorOf({ processor }: Measured): number {
  return quantile(processor, 0.5);
}
