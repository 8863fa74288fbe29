// The public face of @unrolled/dataset-names-nationality.
export * from './names-nationality.ts';
