// One-hot input of a large vocabulary beside an embedding of the same network.
import type { Shape } from '../shapes.ts';
import { comparedTable } from './compared.ts';
import { measureAll, type Part, type Result, resultOf, withOurs } from './part.ts';

const vocabulary = 10_000;
const shape: Shape = { batch: 32, steps: 50, inputs: 64, units: 128 };

/** Forward and backward alone, and whole updates, in which dense Adam goes over all of the table. */
export const oneHot: Part = async (settings, show) => {
  const results = await withOurs(async (server) => {
    const ready: { readonly name: string; readonly prepared: Awaited<ReturnType<typeof server.prepare>> }[] = [];
    for (const update of [false, true])
      for (const embedding of [shape.inputs, undefined]) {
        const what = embedding === undefined ? 'one-hot' : `embedding of ${embedding}`;
        const name = `${what}, ${update ? 'with dense Adam' : 'forward and backward'}`;
        ready.push({ name, prepared: await server.prepare('words', { shape, vocabulary, embedding, update }) });
      }
    const measured = await measureAll(
      ready.map(({ prepared }) => prepared),
      settings,
    );
    return ready.map(({ name }, at): Result => ({ name, ...resultOf(measured[at] as (typeof measured)[number]) }));
  });
  const { batch, steps, units } = shape;
  const title = `${vocabulary} words, one-hot or embedded: ${batch} × ${steps}, ${units} units`;
  const note =
    'forward and backward: a training step whose gradient is added to those kept (`accumulate`), without an update';
  show(comparedTable(title, results, { ratio: '÷ the first', notes: [note] }));
  return results;
};
