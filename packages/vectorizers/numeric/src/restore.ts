// Reads a numeric encoder back from plain data, with a check of everything.
import { counted, describe, type Encoder, UnrolledError } from '@unrolled/core';
import { type Arrangement, arrangementOf } from './arrangement.ts';
import { encoderOf } from './encoder.ts';
import type { NumericOptions } from './options.ts';
import type { Scaling } from './scaling.ts';

/** The encoder that gave `data`. @throws UnrolledError `MODEL_CORRUPT`, which says what is wrong */
export function restoreEncoder(options: NumericOptions, data: unknown): Encoder {
  if (!isRecord(data)) throw corrupt(`it is ${describe(data)}, not an object`);
  const arrangement = readArrangement(options, data);
  const { examples, steps } = data;
  if (!isCount(examples) || !isCount(steps))
    throw corrupt(`it was fitted on ${describe(examples)} examples and ${describe(steps)} steps`);
  return encoderOf({ arrangement, scaling: readScaling(options, data.scaling, arrangement.size), examples, steps });
}

function readArrangement(options: NumericOptions, { width, height }: Fields): Arrangement {
  if (!isCount(width)) throw corrupt(`the width of its rows is ${describe(width)}`);
  const picture = options.steps !== 'rows';
  if (picture ? !isCount(height) : height !== undefined)
    throw corrupt(`its steps are ${options.steps}, but the height of its pictures is ${describe(height)}`);
  try {
    return arrangementOf(options, width, picture ? (height as number) : 1);
  } catch (cause) {
    throw corrupt((cause as Error).message, cause);
  }
}

function readScaling({ scale }: NumericOptions, scaling: unknown, size: number): Scaling | undefined {
  if (scale === 'none' && scaling === undefined) return undefined;
  if (scale === 'none' || !isRecord(scaling))
    throw corrupt(`its scale is "${scale}", but ${describe(scaling)} is said`);
  const { shift, divisor, constant } = scaling;
  if (!isNumbers(shift, size)) throw corrupt(`what is taken off is ${describe(shift)}, not ${counted(size, 'number')}`);
  if (!isNumbers(divisor, size) || !divisor.every((value) => value > 0))
    throw corrupt(`what is divided by is ${describe(divisor)}, not ${counted(size, 'number')} above 0`);
  if (constant !== 0 && !isCount(constant)) throw corrupt(`${describe(constant)} of its features never change`);
  return { shift: Float64Array.from(shift), divisor: Float64Array.from(divisor), constant };
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isNumbers(value: unknown, size: number): value is readonly number[] {
  return Array.isArray(value) && value.length === size && value.every(Number.isFinite);
}

function corrupt(problem: string, cause?: unknown): UnrolledError {
  return new UnrolledError('MODEL_CORRUPT', `This numeric vectorizer is damaged: ${problem}.`, {
    mend: 'Copy the model again from where it was saved, or save it again.',
    cause,
  });
}
