// Pictures of digits at the size in which they move: 28 × 28 pixels become 10 × 10.
import { type Example, UnrolledError } from '@unrolled/core';

/** Pixels along each side of a digit that moves. */
export const side = 10;

/** A digit that can move. */
export interface Digit {
  /** `0` to `9`. */
  readonly label: string;
  /** `[10, 10]`, from 0 to 1. */
  readonly pixels: Float64Array;
}

/** Digits by the split of the videos that they move in. */
export interface Digits {
  /** Those of the pictures' split `train`. */
  readonly train: readonly Digit[];
  /** Those of any other split. */
  readonly heldout: readonly Digit[];
}

/** Reads and shrinks pictures. @throws UnrolledError `DATA_INVALID` for a picture that is none of a digit, or where a split has none */
export async function readDigits(pictures: AsyncIterable<Example>): Promise<Digits> {
  const digits = { train: [] as Digit[], heldout: [] as Digit[] };
  for await (const picture of pictures) {
    const part = picture.split === 'train' ? digits.train : digits.heldout;
    part.push(shrink(picture));
  }
  for (const [split, pictures] of Object.entries(digits))
    if (new Set(pictures.map(({ label }) => label)).size < 2)
      throw new UnrolledError(
        'DATA_INVALID',
        `There are no pictures of two different digits for the split "${split}".`,
        {
          mend: 'Give pictures of both splits, as mnistDataset() of @unrolled/dataset-mnist has them.',
        },
      );
  return digits;
}

/** The inner 20 × 20 pixels, which hold the ink of MNIST's digits, by means of 2 × 2. */
function shrink({ values = [], image, label = '', origin = 'A picture' }: Example): Digit {
  if (image?.width !== 28 || image.height !== 28 || image.channels !== 1 || !/^\d$/.test(label)) {
    const size = image ? `${image.width} × ${image.height} pixels, ${image.channels} numbers each,` : 'an unknown size';
    throw new UnrolledError('DATA_INVALID', `${origin} has ${size} and the label "${label}".`, {
      mend: 'Give grey pictures of 28 × 28 pixels, labelled 0 to 9, as mnistDataset() of @unrolled/dataset-mnist has them.',
    });
  }
  const pixels = Float64Array.from({ length: side * side }, (_, at) => {
    const [top, left] = [4 + 2 * Math.floor(at / side), 4 + 2 * (at % side)];
    const pixel = (row: number, column: number): number => values[row]?.[column] as number;
    return (pixel(top, left) + pixel(top, left + 1) + pixel(top + 1, left) + pixel(top + 1, left + 1)) / 4;
  });
  return { label, pixels };
}
