// The public face of @unrolled/task-regression.
export * from './regression.ts';
