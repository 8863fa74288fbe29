// The public face of @unrolled/dataset-japanese-vowels.
export * from './japanese-vowels.ts';
