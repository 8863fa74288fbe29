// The public face of @unrolled/backend-reference.
export * from './reference.ts';
