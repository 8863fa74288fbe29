// The public face of @unrolled/dataset-translation-en-pt.
export * from './english-or-portuguese.ts';
export type { TranslationPair } from './pairs.ts';
export * from './translation-en-pt.ts';
