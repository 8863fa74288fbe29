// The public face of @unrolled/task-linear.
export * from './linear.ts';
