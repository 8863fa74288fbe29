// What examples may come from.
import type { Example } from '../contracts/plugins.ts';

/** Examples to learn from or to be measured on. An iterable that can be read once is read once. */
export type Examples = Iterable<Example> | AsyncIterable<Example>;
