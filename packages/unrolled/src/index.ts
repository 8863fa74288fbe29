// Batteries included: core, every default plug-in, and the registry of them all.
export * from '@unrolled/backend-reference';
export * from '@unrolled/backend-wasm';
export * from '@unrolled/cell-lstm';
export * from '@unrolled/cell-vanilla';
export * from '@unrolled/core';
export * from '@unrolled/losses';
export * from '@unrolled/optimizers';
export * from '@unrolled/task-many-to-one';
export * from '@unrolled/tokenizer-characters';
export * from '@unrolled/tokenizer-ngrams';
export * from '@unrolled/tokenizer-words';
export * from '@unrolled/trainer-bptt';
export * from '@unrolled/trainer-truncated-bptt';
export * from '@unrolled/vectorizer-embedding';
export * from '@unrolled/vectorizer-one-hot';
export * from './default-manifest.ts';
export * from './registry.ts';
