// An epoch of the review classifier, beside PyTorch on the same batches.
import { asleep } from '../contenders.ts';
import { batchesFile, batchSize, embeddingSize, units } from '../review-pipeline.ts';
import { comparedTable, seconds } from './compared.ts';
import { measureAll, type Part, type Result, resultOf, start } from './part.ts';

/** What the recording tells. */
interface Facts {
  readonly vocabulary: number;
  readonly batches: number;
  readonly words: number;
  readonly padding: number;
}

/** All training reviews once. */
export const reviews: Part = async (settings, show) => {
  const [own, pytorch, sleeping] = await Promise.all([
    start({}, settings),
    start({ peer: 'pytorch' }, settings),
    start({ peer: 'pytorch', env: asleep }, settings),
  ]);
  try {
    if (!own.server) throw new Error(own.skipped);
    const epoch = await own.server.prepare('epoch', {});
    const ready = [
      { name: 'Unrolled, training steps', version: own.server.version, prepared: epoch },
      {
        name: 'Unrolled, fit from the texts on',
        version: own.server.version,
        prepared: await own.server.prepare('fit', {}),
      },
    ];
    const given = { batches: batchesFile, size: embeddingSize, units };
    for (const [name, { server }] of Object.entries({
      'PyTorch, training steps': pytorch,
      'the same, waiting asleep': sleeping,
    }))
      if (server) ready.push({ name, version: server.version, prepared: await server.prepare('epoch', given) });
    const measured = await measureAll(
      ready.map(({ prepared }) => prepared),
      settings,
    );
    const results = ready.map(
      ({ name, version }, at): Result => ({ name, version, ...resultOf(measured[at] as (typeof measured)[number]) }),
    );
    if (!pytorch.server) results.push({ name: 'PyTorch', skipped: pytorch.skipped ?? '' });
    const facts = epoch.facts as unknown as Facts;
    const title = `An epoch of reviews: ${facts.batches} batches of ${batchSize}, ${facts.words} words of ${facts.vocabulary}, embedding ${embeddingSize}, LSTM ${units}`;
    const note = `the same batches for all, recorded from the pipeline; ${Math.round(100 * facts.padding)}% is padding`;
    show(comparedTable(title, results, { unit: seconds, notes: [note] }));
    return { facts, results };
  } finally {
    await Promise.all([own, pytorch, sleeping].map(({ server }) => server?.stop()));
  }
};
