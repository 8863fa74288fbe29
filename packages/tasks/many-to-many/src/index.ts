// The public face of @unrolled/task-many-to-many.
export * from './many-to-many.ts';
