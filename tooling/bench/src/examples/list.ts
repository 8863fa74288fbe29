// The examples that are compared with PyTorch.
import type { ExampleName } from '../arguments.ts';
import type { ComparedExample } from './compared.ts';
import { dates } from './dates.ts';
import { gunPoint } from './gun-point.ts';
import { language } from './language.ts';
import { names } from './names.ts';
import { tags } from './tags.ts';
import { video } from './video.ts';
import { vowels } from './vowels.ts';

/** By name; the order is that of `exampleNames`. */
export const comparedExamples: Readonly<Record<ExampleName, ComparedExample>> = {
  vowels,
  'gun-point': gunPoint,
  language,
  names,
  tags,
  video,
  dates,
};
