// The equation language: parse, infer shapes, interpret, differentiate and render recurrent networks.
export type * from './syntax/ast.ts';
export * from './syntax/error.ts';
export * from './syntax/functions.ts';
export * from './syntax/nearest.ts';
export { DEEPEST, parse } from './syntax/parser.ts';
