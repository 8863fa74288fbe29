// All examples.
import type { ShippedExample } from './example.ts';
import { names } from './names.ts';
import { shakespeare } from './shakespeare.ts';

/** All examples, the easiest first. */
export const examples: readonly ShippedExample[] = [names, shakespeare];
