// The public face of @unrolled/dataset-dates.
export * from './dates.ts';
