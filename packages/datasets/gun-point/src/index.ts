// The public face of @unrolled/dataset-gun-point.
export * from './gun-point.ts';
