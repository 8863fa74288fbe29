// All examples.
import type { ShippedExample } from './example.ts';
import { names } from './names.ts';

/** All examples, the easiest first. */
export const examples: readonly ShippedExample[] = [names];
