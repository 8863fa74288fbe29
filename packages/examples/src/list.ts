// All examples.
import { captioning } from './captioning.ts';
import { dates } from './dates.ts';
import { embeddings } from './embeddings.ts';
import type { ShippedExample } from './example.ts';
import { gunPoint } from './gun-point.ts';
import { language } from './language.ts';
import { longMemory } from './long-memory.ts';
import { names } from './names.ts';
import { order } from './order.ts';
import { shakespeare } from './shakespeare.ts';
import { tags } from './tags.ts';
import { translation } from './translation.ts';
import { video } from './video.ts';
import { vowels } from './vowels.ts';

/** All examples, the easiest first. */
export const examples: readonly ShippedExample[] = [
  language,
  names,
  vowels,
  gunPoint,
  order,
  longMemory,
  embeddings,
  shakespeare,
  tags,
  video,
  dates,
  translation,
  captioning,
];
