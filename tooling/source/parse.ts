// Parses one source file: its syntax tree to visit, and everything that it imports.
import { parseSync, Visitor } from 'oxc-parser';

/** One import of a file, of any form. */
export interface Import {
  /** As written: `./gate.ts`, `@unrolled/core`. */
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
  /** Whether it is erased when types are. */
  readonly typeOnly: boolean;
}

/** A parsed file. */
export interface Parsed {
  readonly program: ReturnType<typeof parseSync>['program'];
  /** Line of an offset, from 1. */
  readonly lineAt: (offset: number) => number;
}

/** Parses TypeScript or JavaScript. @throws Error with the first mistake's place. */
export function parse(path: string, text: string): Parsed {
  const { program, errors } = parseSync(path, text);
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const [mistake] = errors;
  if (mistake) throw new Error(`${path}:${lineAt(mistake.labels[0]?.start ?? 0)}: ${mistake.message}`);
  return { program, lineAt };
}

/** Everything that `text` imports: static, re-exported, dynamic, `import('…').Type` and `require`. */
export function importsOf(path: string, text: string): Import[] {
  const { program, lineAt } = parse(path, text);
  const found: Import[] = [];
  const add = (source: unknown, typeOnly: boolean): void => {
    const node = source as { value?: unknown; start: number } | null | undefined;
    if (typeof node?.value === 'string') found.push({ specifier: node.value, line: lineAt(node.start), typeOnly });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.importKind === 'type'),
    ExportNamedDeclaration: (node) => add(node.source, node.exportKind === 'type'),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === 'type'),
    ImportExpression: (node) => add(node.source, false),
    TSImportType: (node) => add(node.source, true),
    TSExternalModuleReference: (node) => add(node.expression, false),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') add(node.arguments[0], false);
    },
  }).visit(program);
  return found;
}
