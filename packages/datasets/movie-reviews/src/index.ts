// The public face of @unrolled/dataset-movie-reviews.
export * from './movie-reviews.ts';
