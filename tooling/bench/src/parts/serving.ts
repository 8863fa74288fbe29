// Serving a saved review classifier: how fast it loads and answers, and whether its memory stays, beside onnxruntime-node.
import type { Settings } from '../arguments.ts';
import type { Prepared, Server } from '../server.ts';
import { servingFiles } from '../serving-files.ts';
import { quantile } from '../statistics.ts';
import type { Cell, Table } from '../table.ts';
import { measureAll, type Part, start } from './part.ts';

/** Reviews that are answered together. */
const many = 64;
/** Single reviews whose times are taken. */
const singles = 4000;
/** Calls before memory is first looked at. */
const settling = 2000;

/** Our model from text to label, our network alone, onnxruntime. */
export const serving: Part = async (settings, show) => {
  const [own, onnx] = await Promise.all([start({}, settings), start({ peer: 'onnxruntime' }, settings)]);
  try {
    if (!own.server) throw new Error(own.skipped);
    return await serveAll(own.server, onnx.server, onnx.skipped, settings, show);
  } finally {
    await Promise.all([own.server?.stop(), onnx.server?.stop()]);
  }
};

async function serveAll(
  own: Server,
  onnx: Server | undefined,
  skipped: string | undefined,
  settings: Settings,
  show: (table: Table) => void,
): Promise<unknown> {
  const loads = [await own.prepare('load', { size: many })];
  const served: Served[] = [
    {
      name: 'Unrolled, from text to label',
      one: await own.prepare('predict one', {}),
      many: await own.prepare('predict many', { size: many }),
    },
    {
      name: 'Unrolled, network alone',
      one: await own.prepare('run network', { size: 1 }),
      many: await own.prepare('run network', { size: many }),
    },
  ];
  if (onnx) {
    const given = { model: servingFiles.onnx, reviews: servingFiles.reviews };
    loads.push(await onnx.prepare('load', given));
    served.push({
      name: 'onnxruntime, network alone',
      one: await onnx.prepare('run network', { ...given, size: 1 }),
      many: await onnx.prepare('run network', { ...given, size: many }),
    });
  }
  const loading = await measureAll(loads, settings);
  const batches = await measureAll(
    served.map((one) => one.many),
    settings,
  );
  const times = await sampleInTurn(
    served.map(({ one }) => one),
    settings.rounds,
  );
  const rows = served.map(({ name }, at): Row => {
    const load = name.startsWith('Unrolled, from') ? loading[0] : name.startsWith('onnx') ? loading[1] : undefined;
    return {
      name,
      load: load && quantile(load.times, 0.5),
      p50: 1000 * quantile(times[at] as number[], 0.5),
      p99: 1000 * quantile(times[at] as number[], 0.99),
      perSecond: (1000 * many) / quantile(batches[at]?.times ?? [], 0.5),
    };
  });
  const memory = await memoryOver(own, (served[0] as Served).one, settings.calls);
  const difference = onnx && largestDifference(logitsOf(served[1] as Served), logitsOf(served[2] as Served));
  show({
    title: 'Serving the review classifier (embedding 64, LSTM 128 units), held-out reviews in turn',
    columns: ['', 'load, ms', 'one: p50, µs', 'p99, µs', `reviews/s at ${many}`],
    rows: rows.map(({ name, load, p50, p99, perSecond }): Cell[] => [name, load, p50, p99, perSecond]),
    notes: [
      `memory of our process after ${settling} reviews and after ${settings.calls} more: resident ${mega(memory.before.resident)} and ${mega(memory.after.resident)} MB, heap ${mega(memory.before.heap)} and ${mega(memory.after.heap)} MB`,
      ...(difference === undefined ? [] : [`the logits of both differ by ${difference.toExponential(1)} at most`]),
      ...(skipped === undefined ? [] : [`onnxruntime: not measured, ${skipped}`]),
    ],
  });
  return { rows, memory, difference, skipped };
}

/** One who answers. */
interface Served {
  readonly name: string;
  readonly one: Prepared;
  readonly many: Prepared;
}

interface Row {
  readonly name: string;
  readonly load: number | undefined;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

/** Milliseconds of single calls, in interleaved rounds, after a warm-up. */
async function sampleInTurn(prepared: readonly Prepared[], rounds: number): Promise<readonly number[][]> {
  for (const one of prepared) await one.run(singles / rounds);
  const times = prepared.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [at, one] of prepared.entries()) times[at]?.push(...(await one.sample(Math.ceil(singles / rounds))));
  return times;
}

async function memoryOver(server: Server, one: Prepared, calls: number) {
  await one.run(settling);
  const before = await server.memory();
  await one.run(calls);
  return { before, after: await server.memory() };
}

function logitsOf({ one }: Served): readonly number[] {
  return one.facts.logits as readonly number[];
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? Number.NaN))));
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
