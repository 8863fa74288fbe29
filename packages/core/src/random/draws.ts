// Uniform and normal numbers and random masks, each a pure function of its position and unit.
import { log } from '../maths/logarithm.ts';
import { cos, sin } from '../maths/trigonometry.ts';
import { type DrawPosition, drawBlock, lowerKey, upperKey } from './position.ts';
import { checkSeed } from './seed.ts';
import { threefry } from './threefry.ts';

const words = new Int32Array(4);
const TWO_31 = 2147483648;

/** A number in [0, 1) with 53 bits from words i and i + 1 of {@link words}: 26 bits of the first, 27 of the second. */
function uniformOfWords(i: number): number {
  const upper = (words[i] as number) >>> 6;
  const lower = (words[i + 1] as number) >>> 5;
  return (upper * 134217728 + lower) * 1.1102230246251565e-16;
}

/** Uniform in [0, 1), a multiple of 2^−53: unit `unit` of the position (its words 2·unit and 2·unit + 1). @throws UnrolledError `SEED_INVALID` */
export function drawUniform(position: DrawPosition, unit: number): number {
  drawBlock(words, 0, position, Math.floor(unit / 2));
  return uniformOfWords((unit % 2) * 2);
}

/** Uniform in [0, 1), a multiple of 2^−24 and so exact in float32: the top bits of word `unit`. @throws UnrolledError `SEED_INVALID` */
export function drawUniform24(position: DrawPosition, unit: number): number {
  drawBlock(words, 0, position, Math.floor(unit / 4));
  return ((words[unit % 4] as number) >>> 8) / 16777216;
}

/** Writes {@link drawUniform} of units 0 … count − 1. @throws UnrolledError `SEED_INVALID` */
export function fillUniform(out: Float64Array, offset: number, count: number, position: DrawPosition): void {
  for (let unit = 0; unit < count; unit++) {
    if (unit % 2 === 0) drawBlock(words, 0, position, unit / 2);
    out[offset + unit] = uniformOfWords((unit % 2) * 2);
  }
}

/**
 * Writes standard normal numbers of units 0 … count − 1. @throws UnrolledError `SEED_INVALID`
 *
 * Source: Box and Muller 1958. Units 2b and 2b + 1 are √(−2 ln(1 − u))·cos(2πv) and …·sin(2πv) of the block's two uniforms,
 * with core's own log, cos and sin; no value is beyond ±8.6.
 */
export function fillNormal(out: Float64Array, offset: number, count: number, position: DrawPosition): void {
  for (let unit = 0; unit < count; unit += 2) {
    drawBlock(words, 0, position, unit / 2);
    const radius = Math.sqrt(-2 * log(1 - uniformOfWords(0)));
    const angle = 6.283185307179586 * uniformOfWords(2);
    out[offset + unit] = radius * cos(angle);
    if (unit + 1 < count) out[offset + unit + 1] = radius * sin(angle);
  }
}

/** Position of a row of a random mask; see {@link DrawPosition}. */
export interface MaskPosition {
  /** The run's seed. */
  readonly seed: number;
  /** Number of updates before it. */
  readonly update: number;
  /** The mask's number in the network. */
  readonly site: number;
  /** The example's number in the data set. */
  readonly example: number;
  /** The step from the sequence's true beginning; 0 for a mask that holds for the whole sequence. */
  readonly step: number;
}

/** A word whose upper 31 bits are below this bound is a hit: the nearest whole number to probability · 2^31. */
export function maskThreshold(probability: number): number {
  return Math.round(probability * TWO_31);
}

/** The two key words of masks that depend on the seed alone: what code in another language needs to redraw them. */
export interface MaskKey {
  /** Key word 0, a signed integer: the lower 32 bits of the seed. */
  readonly low: number;
  /** Key word 1, a signed integer: the upper bits of the seed, and the purpose. */
  readonly high: number;
}

/**
 * The seed's part of the key of {@link fillMask}: the row of a {@link MaskPosition} is Threefry-4x32-20 under the key
 * (low, high, update, site) at the counters (example, step, unit >>> 2, 0). @throws UnrolledError `SEED_INVALID`
 */
export function maskKey(seed: number): MaskKey {
  const checked = checkSeed(seed);
  return { low: lowerKey(checked), high: upperKey(checked, 'mask') };
}

/**
 * Writes a row of a random mask, `[units]` at `offset`: `high` with `probability`, else 0.
 *
 * Unit u is `high` where the upper 31 bits of word u of the position are below {@link maskThreshold}. So any unit of any step can be redrawn alone,
 * by any backend; dropout keeps with probability 1 − rate and `high` = 1 ÷ (1 − rate). No allocation.
 *
 * @throws UnrolledError `SEED_INVALID`
 */
export function fillMask(
  out: Float32Array | Float64Array,
  offset: number,
  units: number,
  position: MaskPosition,
  probability: number,
  high: number,
): void {
  const seed = checkSeed(position.seed);
  const lower = lowerKey(seed);
  const upper = upperKey(seed, 'mask');
  const update = position.update | 0;
  const site = position.site | 0;
  const example = position.example | 0;
  const step = position.step | 0;
  const threshold = maskThreshold(probability) | 0;
  for (let unit = 0; unit < units; unit += 4) {
    threefry(words, 0, lower, upper, update, site, example, step, unit >>> 2, 0);
    const end = Math.min(4, units - unit);
    for (let i = 0; i < end; i++) {
      // 1 where the difference is negative: a branch would be mispredicted every other time
      const hit = ((((words[i] as number) >>> 1) - threshold) | 0) >>> 31;
      out[offset + unit + i] = hit * high;
    }
  }
}
