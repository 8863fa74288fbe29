// The public face of @unrolled/task-language-model.
export * from './language-model.ts';
