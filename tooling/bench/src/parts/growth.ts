// How a training step's cost grows with the number of steps and of sequences, over 16 times.
import type { Settings } from '../arguments.ts';
import { cores } from '../cores.ts';
import type { Shape } from '../shapes.ts';
import { type Table, textOf } from '../table.ts';
import { measureAll, type Part, type Result, resultOf, skippedNotes, spreadOf, withOurs } from './part.ts';

const usual: Shape = { batch: 32, steps: 50, inputs: 32, units: 64 };
const series = {
  steps: [25, 50, 100, 200, 400].map((steps) => ({ ...usual, steps })),
  batch: [4, 8, 16, 32, 64].map((batch) => ({ ...usual, batch })),
};

/** Milliseconds for each step of each sequence; the same everywhere if cost grows in proportion. */
export const growth: Part = async (settings, show) => {
  const found: Record<string, unknown> = {};
  for (const threads of new Set([1, cores]))
    for (const [along, list] of Object.entries(series)) {
      const results = await measureSeries(list, threads, settings);
      show(tableOf(along, list, threads, results));
      found[`${along}, ${threads} threads`] = results;
    }
  return found;
};

function measureSeries(list: readonly Shape[], threads: number, settings: Settings): Promise<readonly Result[]> {
  return withOurs(async (server) => {
    const ready = [];
    for (const shape of list) ready.push(await server.prepare('training', { shape, cell: 'lstm', threads }));
    const measured = await measureAll(ready, settings);
    return measured.map((one, at) => ({ name: `${list[at]?.batch} × ${list[at]?.steps}`, ...resultOf(one) }));
  });
}

function tableOf(along: string, list: readonly Shape[], threads: number, results: readonly Result[]): Table {
  const each = results.map(({ summary }, at) => {
    const { batch, steps } = list[at] as Shape;
    return summary && (1000 * summary.median) / (batch * steps);
  });
  const known = each.filter((value) => value !== undefined);
  const spread = known.length > 0 ? Math.max(...known) / Math.min(...known) : Number.NaN;
  return {
    title: `Growth with ${along === 'steps' ? 'steps' : 'the batch'}, ${threads} ${threads === 1 ? 'thread' : 'threads'}: ${usual.inputs} → ${usual.units}`,
    columns: ['batch × steps', 'ms', 'quartiles', 'µs per step of a sequence'],
    rows: results.map(({ name, summary }, at) => [
      name,
      summary?.median,
      summary && spreadOf(summary, textOf),
      each[at],
    ]),
    notes: [`the dearest is ${textOf(spread)} times the cheapest`, ...skippedNotes(results)],
  };
}
