// Movements of a hand, drawing a gun or pointing, as a data set.
import {
  bindDataset,
  choice,
  collectExamples,
  corruptDataFile,
  type DataFile,
  type Dataset,
  defineDataset,
  defineOptions,
  type Example,
  quoted,
  readDataText,
  readSteps,
  tableRows,
  text,
} from '@unrolled/core';

/** Options of the movements. */
export interface GunPointOptions {
  /** Which part to read. */
  readonly split: 'all' | 'train' | 'test';
  /** Where the data file lies, if not beside the package's code; relative to the page in a browser. */
  readonly url: string;
}

const file: DataFile = {
  name: 'gun-point.tsv.gz',
  package: '@unrolled/dataset-gun-point',
  beside: () => new URL('../data/gun-point.tsv.gz', import.meta.url),
};
const labels: ReadonlyMap<string, string> = new Map([
  ['1', 'gun'],
  ['2', 'point'],
]);

/**
 * 200 movements of a hand, `values` `[150 steps, 1]`: how far to the side its centre is in a video. The actor draws a gun and
 * returns it, or points with a finger (`label`: `gun`, `point`). Each series has mean 0 and standard deviation 1, so only the
 * order of its values tells. 50 are in the split `train`, 150 in `test`. Source: Ratanamahatana and Keogh; see `data/SOURCE.md`.
 */
export const gunPoint: Dataset<'gun-point', GunPointOptions> = /* @__PURE__ */ defineDataset({
  name: 'gun-point',
  package: '@unrolled/dataset-gun-point',
  licence: 'Ratanamahatana and Keogh (UCR), as passed on by aeon (BSD-3-Clause): see data/SOURCE.md',
  options: /* @__PURE__ */ defineOptions<GunPointOptions>({
    split: /* @__PURE__ */ choice('all', ['all', 'train', 'test'], 'Which part to read.'),
    url: /* @__PURE__ */ text('', "Where the data file lies, if not beside the package's code."),
  }),
  examples: async function* ({ split, url }): AsyncIterable<Example> {
    const table = await readDataText(file, url);
    for (const { fields, line, origin } of tableRows(table, file, ['split', 'label', 'steps'])) {
      const [part, value, steps] = fields as [string, string, string];
      const values = readSteps(steps, 1);
      const label = labels.get(value);
      if (values?.length !== 150 || label === undefined || (part !== 'train' && part !== 'test'))
        throw corruptDataFile(file, line, 'train or test, 1 or 2, and 150 numbers', quoted(fields.join('\t')));
      if (split === 'all' || split === part) yield { values, label, split: part, origin };
    }
  },
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function gunPointDataset(options: Partial<GunPointOptions> = {}): AsyncIterable<Example> {
  return bindDataset(gunPoint, options);
}

/** The 50 movements to learn from. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export function gunPointTrain(): Promise<Example[]> {
  return collectExamples(gunPointDataset({ split: 'train' }));
}

/** The 150 movements to be tested on. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export function gunPointTest(): Promise<Example[]> {
  return collectExamples(gunPointDataset({ split: 'test' }));
}
