// The token after a text: from logits to a distribution over tokens, and how one is drawn from it.
import type { Encoder } from '../contracts/plugins.ts';
import { exp } from '../maths/exponential.ts';
import { log } from '../maths/logarithm.ts';
import { drawUniform } from '../random/draws.ts';
import { BOUNDARY, boundaryOf } from './codes.ts';
import { checkWhole, refuse } from './setting-checks.ts';
import type { NextPrediction, NextToken, SampleSettings } from './types.ts';

/** How many of the likeliest tokens a prediction names. */
const named = 10;

/** Natural logarithms of the probabilities of all tokens; what is no token (padding, unknown) can't come: −∞. */
export function logProbabilitiesOf(encoder: Encoder, logits: ArrayLike<number>): Float64Array {
  const boundary = boundaryOf(encoder);
  const possible = (id: number) => id === boundary || encoder.tokenOf?.(id) !== undefined;
  let highest = -Infinity;
  for (let id = 0; id < logits.length; id += 1) if (possible(id)) highest = Math.max(highest, logits[id] as number);
  let total = 0;
  const result = new Float64Array(logits.length).fill(-Infinity);
  for (let id = 0; id < logits.length; id += 1) {
    if (!possible(id)) continue;
    result[id] = (logits[id] as number) - highest;
    total += exp(result[id] as number);
  }
  const normaliser = log(total);
  return result.map((value) => value - normaliser);
}

/** What may come next, by logits. */
export function nextPrediction(encoder: Encoder, logits: ArrayLike<number>): NextPrediction {
  const logProbabilities = logProbabilitiesOf(encoder, logits);
  const top = likeliest(logProbabilities, named).map((id) => tokenAt(encoder, id, logProbabilities));
  return { ...(top[0] as NextToken), top };
}

/** A token with its probability; the boundary is the end of a text, undefined. */
export function tokenAt(encoder: Encoder, id: number, logProbabilities: Float64Array): NextToken {
  const token = encoder.tokenOf?.(id);
  return { token: token === BOUNDARY ? undefined : token, probability: exp(logProbabilities[id] as number) };
}

/** Numbers of the likeliest tokens, first to last; of equals the lower number first. */
export function likeliest(logProbabilities: Float64Array, count: number): number[] {
  if (count > few) return sorted(logProbabilities).slice(0, count);
  const found: number[] = [];
  for (let id = 0; id < logProbabilities.length; id += 1) {
    const value = logProbabilities[id] as number;
    if (value === -Infinity) continue;
    if (found.length === count && value <= (logProbabilities[found[count - 1] as number] as number)) continue;
    let place = found.length;
    while (place > 0 && (logProbabilities[found[place - 1] as number] as number) < value) place -= 1;
    found.splice(place, 0, id);
    if (found.length > count) found.pop();
  }
  return found;
}

/** So many are picked out one by one; more are sorted. */
const few = 64;

function sorted(values: Float64Array): number[] {
  const ids = Array.from(values.keys()).filter((id) => values[id] !== -Infinity);
  return ids.sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
}

/** Draws a token: `draw` is uniform in [0, 1). Temperature first, then the limits on how many may be drawn. */
export function sampleToken(logProbabilities: Float64Array, settings: Sampling, draw: number): number {
  const { temperature, topK, topP } = settings;
  const limit = Math.min(topK ?? Infinity, logProbabilities.length);
  const order = likeliest(logProbabilities, limit);
  const highest = logProbabilities[order[0] as number] as number;
  const weights = order.map((id) => exp(((logProbabilities[id] as number) - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let mass = 0;
  while (kept < order.length && (kept === 0 || mass < (topP ?? 1) * total)) {
    mass += weights[kept] as number;
    kept += 1;
  }
  let left = draw * mass;
  for (let place = 0; place < kept; place += 1) {
    left -= weights[place] as number;
    if (left < 0) return order[place] as number;
  }
  return order[kept - 1] as number;
}

/** Checked settings of drawing. */
export interface Sampling {
  /** See `SampleSettings`. */
  readonly temperature: number;
  /** See `SampleSettings`. */
  readonly topK: number | undefined;
  /** See `SampleSettings`. */
  readonly topP: number | undefined;
  /** See `SampleSettings`. */
  readonly seed: number;
}

/** Fills in defaults. @throws UnrolledError `SETTING_INVALID` */
export function checkSampling({ temperature = 1, topK, topP, seed = 1 }: SampleSettings): Sampling {
  if (!(Number.isFinite(temperature) && temperature > 0)) refuse('temperature', 'a number greater than 0', temperature);
  if (topK !== undefined) checkWhole('topK', topK, 1);
  if (topP !== undefined && !(topP > 0 && topP <= 1)) refuse('topP', 'a probability above 0 and at most 1', topP);
  checkWhole('seed', seed, 0);
  return { temperature, topK, topP, seed };
}

/** The uniform number that decides draw `index` of sequence `example`. */
export function drawOf({ seed }: Sampling, example: number, index: number): number {
  return drawUniform({ seed, purpose: 'sample', example, step: index }, 0);
}
