// The public face of @unrolled/plugin-kit.
export * from './attention.ts';
export * from './backend.ts';
export * from './cell.ts';
export { type Check, conform, type It } from './check.ts';
export * from './dataset.ts';
export * from './loss.ts';
export * from './optimizer.ts';
export type { Options } from './options.ts';
export * from './random-texts.ts';
export * from './task.ts';
export * from './tokenizer.ts';
export * from './trainer.ts';
export * from './vectorizer.ts';
