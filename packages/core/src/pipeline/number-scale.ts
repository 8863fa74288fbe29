// The scale of the numbers that are learned: the network learns them standardised, so that their unit decides nothing.
import { counted } from '../counted.ts';
import { UnrolledError } from '../errors.ts';

/** Mean and deviation of numbers. What a network of numbers gives is (number − mean) ÷ deviation. */
export interface NumberScale {
  /** Of the training part: what always answering it scores is the baseline to beat. */
  readonly mean: number;
  /** Standard deviation of the training part (divided by the count, as scikit-learn's `StandardScaler`); above 0. */
  readonly deviation: number;
}

/** The scale of the training part. @throws UnrolledError `DATA_ONE_NUMBER` */
export function scaleOf(numbers: readonly number[]): NumberScale {
  const least = numbers.reduce((low, each) => Math.min(low, each), Infinity);
  const most = numbers.reduce((high, each) => Math.max(high, each), -Infinity);
  if (!(least < most)) throw oneNumber(numbers.length, least);
  const mean = meanOf(numbers);
  const range = most - least;
  // In units of the range, so that no square is too large or too small.
  const variance = meanOf(numbers.map((each) => squareOf((each - mean) / range)));
  return { mean, deviation: range * Math.sqrt(variance) };
}

/** A number as the network learns it. */
export function standardised({ mean, deviation }: NumberScale, number: number): number {
  return (number - mean) / deviation;
}

/** The number that an output of the network means. */
export function numberMeant({ mean, deviation }: NumberScale, output: number): number {
  return mean + deviation * output;
}

/** Their mean; of nothing it is no number. */
export function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

/** Times itself. */
export function squareOf(number: number): number {
  return number * number;
}

function oneNumber(examples: number, number: number): UnrolledError {
  return new UnrolledError(
    'DATA_ONE_NUMBER',
    `There is nothing to learn: the only number in ${counted(examples, 'example')} to learn from is ${number}.`,
    { mend: 'Give examples of at least two numbers.' },
  );
}
