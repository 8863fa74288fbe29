// An epoch of the review classifier, beside PyTorch on the same batches.
import { batchesFile, batchSize, embeddingSize, units } from '../review-pipeline.ts';
import { besidePytorch, measureBeside } from './beside-pytorch.ts';
import { comparedTable, seconds } from './compared.ts';
import type { Part } from './part.ts';

/** What the recording tells. */
interface Facts {
  readonly vocabulary: number;
  readonly batches: number;
  readonly words: number;
  readonly padding: number;
}

/** All training reviews once. */
export const reviews: Part = (settings, show) =>
  besidePytorch(settings, async (sides) => {
    const epoch = await sides.own.prepare('epoch', {});
    const fit = await sides.own.prepare('fit', {});
    const results = await measureBeside(
      sides,
      { 'Unrolled, training steps': epoch, 'Unrolled, fit from the texts on': fit },
      { work: 'epoch', given: { batches: batchesFile, size: embeddingSize, units } },
      settings,
    );
    const facts = epoch.facts as unknown as Facts;
    const title = `An epoch of reviews: ${facts.batches} batches of ${batchSize}, ${facts.words} words of ${facts.vocabulary}, embedding ${embeddingSize}, LSTM ${units}`;
    const note = `the same batches for all, recorded from the pipeline; ${Math.round(100 * facts.padding)}% is padding`;
    show(comparedTable(title, results, { unit: seconds, notes: [note] }));
    return { facts, results };
  });
