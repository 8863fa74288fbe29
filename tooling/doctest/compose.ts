// Turns one block of documentation into a test file that vitest runs, each line where it stands in the page.
import { type Parsed, parse } from '../source/parse.ts';
import type { Block } from './blocks.ts';

type Statement = Parsed['program']['body'][number];

/** A change of the block's text: `text` in place of what stands from `start` to `end`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const quiet =
  'const console = { ...globalThis.console, log: (..._: unknown[]) => {}, ' +
  "assert: (ok: unknown, message = 'console.assert') => __expect(ok, message).toBeTruthy() }; void console;";

/**
 * The test file of a block. Imports come first in a block; `export` is dropped; `console.assert` must hold; and a
 * statement that ends in `// → value` must give that value: `f(2); // → 4`, `const y = f(2); // → 4`, `console.log(y); // → 4`.
 * A block that can't be read becomes a test that fails and says why.
 */
export function compose(path: string, block: Block): string {
  const source = block.body.join('\n');
  const name = JSON.stringify(`${path}:${block.line}`);
  try {
    const { head, body } = split(path, source);
    const opened = `import { expect as __expect, test as __test } from 'vitest'; ${head}`;
    const wrapped = `__test(${name}, async () => { ${quiet}${body}`;
    return `${'\n'.repeat(block.line - 1)}${opened}${wrapped}\n});\n`;
  } catch (error) {
    const message = JSON.stringify((error as Error).message);
    return `import { test } from 'vitest';\ntest(${name}, () => { throw new Error(${message}); });\n`;
  }
}

/** The imports, and the rest with its checks in place; together they keep every line break, the fence's first. */
function split(path: string, source: string): { head: string; body: string } {
  const parsed = parse(path.replace(/\.md$/, '.ts'), source);
  const statements = parsed.program.body;
  const isImport = ({ type }: Statement): boolean => type === 'ImportDeclaration';
  const first = statements.findIndex((statement) => !isImport(statement));
  if (first >= 0 && statements.slice(first).some(isImport)) throw new Error('Imports come first in a block.');
  const end = statements.filter(isImport).at(-1)?.end ?? 0;
  const head = source.slice(0, end);
  const edits = statements.flatMap((statement) => [...withoutExport(statement), ...expectation(source, statement)]);
  const body = applied(source, edits).slice(end);
  return { head: end > 0 ? `\n${head} ` : '', body: end > 0 ? body : `\n${body}` };
}

function withoutExport(statement: Statement): Edit[] {
  if (statement.type !== 'ExportNamedDeclaration' || !statement.declaration) return [];
  return [{ start: statement.start, end: statement.declaration.start, text: '' }];
}

/** Checks the value that a trailing `// → value` promises. */
function expectation(source: string, statement: Statement): Edit[] {
  const promised = /^[ \t]*\/\/ → (.*)/.exec(source.slice(statement.end))?.[1];
  if (promised === undefined) return [];
  const text = ` __expect(${subject(source, statement)}).toEqual(${promised});`;
  const keep = statement.type === 'ExpressionStatement' ? statement.start : statement.end;
  return [{ start: keep, end: statement.end + (source.slice(statement.end).split('\n')[0]?.length ?? 0), text }];
}

/** What a promised value is compared with. */
function subject(source: string, statement: Statement): string {
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declaration?.type === 'VariableDeclaration') {
    const id = declaration.declarations.at(-1)?.id;
    if (id) return source.slice(id.start, id.typeAnnotation?.start ?? id.end);
  }
  if (declaration?.type !== 'ExpressionStatement') throw new Error('Only a value or a variable can promise "// →".');
  const { expression } = declaration;
  const logs = expression.type === 'CallExpression' && source.startsWith('console.log(', expression.start);
  const shown = logs ? expression.arguments[0] : expression;
  return source.slice((shown ?? expression).start, (shown ?? expression).end);
}

function applied(source: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), source);
}
