// Where a draw stands: what a random number is a function of, and how that becomes the generator's key and counter.
import { checkSeed } from './seed.ts';
import { threefry } from './threefry.ts';

/** What draws are for. The order is part of the stream: a new purpose goes to the end. */
export const purposes = ['initialise', 'shuffle', 'split', 'mask', 'sample'] as const;

/** What a draw is for; draws for different purposes never share random bits. */
export type Purpose = (typeof purposes)[number];

/** What a draw is a pure function of, together with the unit. Whole numbers, taken modulo 2^32; 0 where left out. */
export interface DrawPosition {
  /** The run's seed: a whole number from 0 to 2^53 − 1. */
  readonly seed: number;
  /** What the draw is for. */
  readonly purpose: Purpose;
  /** Number of updates before it (or of epochs). */
  readonly update?: number;
  /** Which place of the network draws: the mask's number, the layer. */
  readonly site?: number;
  /** The example's number in the data set. */
  readonly example?: number;
  /** The step of the sequence, from its true beginning. */
  readonly step?: number;
}

const TWO_32 = 4294967296;

/** The generator's first key word: the lower 32 bits of the seed. */
export function lowerKey(seed: number): number {
  return seed | 0;
}

/** The second key word: the upper 21 bits of the seed, and the purpose in the top byte. */
export function upperKey(seed: number, purpose: Purpose): number {
  return Math.floor(seed / TWO_32) | (purposes.indexOf(purpose) << 24);
}

/**
 * Writes the 4 words of a block at a position: words 4·block … 4·block + 3 of its stream.
 *
 * Key: lower seed, upper seed and purpose, update, site. Counter: example, step, block, 0.
 *
 * @throws UnrolledError `SEED_INVALID`
 */
export function drawBlock(out: Int32Array, offset: number, position: DrawPosition, block: number): void {
  const { update = 0, site = 0, example = 0, step = 0 } = position;
  const seed = checkSeed(position.seed);
  threefry(
    out,
    offset,
    lowerKey(seed),
    upperKey(seed, position.purpose),
    update | 0,
    site | 0,
    example | 0,
    step | 0,
    block | 0,
    0,
  );
}
