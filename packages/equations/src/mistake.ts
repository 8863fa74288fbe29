// Mistakes that the passes after the parser find: names and shapes.
import type { Span } from './syntax/ast.ts';
import { EquationError } from './syntax/error.ts';

/** What was found and what would be right. */
export interface Said {
  /** What stands there. */
  readonly found: string;
  /** What would be right. */
  readonly expected: string;
}

const problems = {
  EQUATION_NAME: 'a name does not fit',
  EQUATION_SHAPE: 'shapes do not fit',
  EQUATION_INDEX: 'an index does not fit',
  EQUATION_CONSTANT: 'a constant is needed',
} as const;

/** The error for a mistake at `span` of a module's text. */
export function mistake(
  code: keyof typeof problems,
  module: { readonly name: string; readonly equations: string },
  span: Span,
  said: Said,
): EquationError {
  return new EquationError(code, {
    text: module.equations,
    span,
    problem: problems[code],
    origin: `Equations of ${module.name}`,
    ...said,
  });
}
