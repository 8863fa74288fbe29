// The public face of @unrolled/task-many-to-one.
export * from './many-to-one.ts';
