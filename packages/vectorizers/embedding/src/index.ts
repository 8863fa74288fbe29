// The public face of @unrolled/vectorizer-embedding.
export * from './embedding.ts';
export * from './pretrained.ts';
