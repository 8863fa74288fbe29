// Compiles snippets in memory: their errors with the place in the code, their completions and hovers, and what they cost.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(here));

/** A mistake that the compiler found. */
export interface Mistake {
  /** The whole message, its reasons on lines of their own. */
  readonly message: string;
  /** Where in an object literal: `layers[0].use`; empty outside of one. */
  readonly path: string;
}

/** What the compiler says about snippets, by name. */
export interface CompiledSnippets {
  /** Mistakes of a snippet. */
  readonly mistakes: (name: string) => readonly Mistake[];
  /** What an editor offers at the mark `¦` of a snippet, in its order: the words that fit there and no globals. */
  readonly completions: (name: string) => readonly string[];
  /** What an editor shows over the name that ends at the mark `¦` of a snippet. */
  readonly hover: (name: string) => string;
}

/** Compiles snippets by name, each a file that stands (as far as its imports can tell) in this package's folder. */
export function compileSnippets(codes: Readonly<Record<string, string>>): CompiledSnippets {
  const files = new Map(Object.entries(codes).map(([name, code]) => [pathOf(name), code.replace('¦', '')]));
  const service = ts.createLanguageService(languageHost(files), ts.createDocumentRegistry());
  const markOf = (name: string): number => {
    const position = codes[name]?.indexOf('¦') ?? -1;
    if (position < 0) throw new Error(`Snippet "${name}" has no mark ¦.`);
    return position;
  };
  return {
    mistakes: (name) => {
      const found = [...service.getSyntacticDiagnostics(pathOf(name)), ...service.getSemanticDiagnostics(pathOf(name))];
      return found.map(describeMistake);
    },
    completions: (name) => {
      const found = service.getCompletionsAtPosition(pathOf(name), markOf(name), {})?.entries ?? [];
      return found.filter(({ kind }) => kind === 'string' || kind === 'property').map((entry) => entry.name);
    },
    hover: (name) => {
      const found = service.getQuickInfoAtPosition(pathOf(name), markOf(name) - 1);
      return ts.displayPartsToString(found?.displayParts);
    },
  };
}

/** How many types the compiler instantiates to check a snippet and what it needs of all that it imports. */
export function countInstantiations(code: string): number {
  const path = pathOf('counted');
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([path], options, {
    ...host,
    fileExists: (file) => file === path || host.fileExists(file),
    readFile: (file) => (file === path ? code : host.readFile(file)),
    getSourceFile: (file, version) =>
      file === path
        ? ts.createSourceFile(file, code, version)
        : readOnce(file, () => host.getSourceFile(file, version)),
  });
  const mistakes = program.getSemanticDiagnostics(program.getSourceFile(path));
  if (mistakes.length > 0) throw new Error(ts.formatDiagnostics(mistakes, formatHost));
  return program.getInstantiationCount();
}

const sources = new Map<string, ts.SourceFile | undefined>();

function readOnce(file: string, read: () => ts.SourceFile | undefined): ts.SourceFile | undefined {
  if (!sources.has(file)) sources.set(file, read());
  return sources.get(file);
}

function pathOf(name: string): string {
  return join(here, `${name.replaceAll(/\W+/g, '-')}.snippet.ts`);
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => '\n',
};

function compilerOptions(): ts.CompilerOptions {
  const file = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options, errors } = ts.convertCompilerOptionsFromJson(file.config.compilerOptions, root);
  if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors, formatHost));
  return options;
}

function languageHost(files: ReadonlyMap<string, string>): ts.LanguageServiceHost {
  const options = compilerOptions();
  const readFile = (path: string) => files.get(path) ?? ts.sys.readFile(path);
  return {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...files.keys()],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const code = readFile(path);
      return code === undefined ? undefined : ts.ScriptSnapshot.fromString(code);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => files.has(path) || ts.sys.fileExists(path),
    readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  };
}

function describeMistake({ file, start, messageText }: ts.Diagnostic): Mistake {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  return { message, path: file && start !== undefined ? pathAt(file, start) : '' };
}

/** Keys and indices of the object literals around a position, outermost first. */
function pathAt(file: ts.SourceFile, position: number): string {
  let path = '';
  const visit = (node: ts.Node): void => {
    if (position < node.getStart(file) || position >= node.getEnd()) return;
    if (ts.isPropertyAssignment(node) && (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)))
      path += `${path === '' ? '' : '.'}${node.name.text}`;
    if (node.parent && ts.isArrayLiteralExpression(node.parent))
      path += `[${node.parent.elements.indexOf(node as ts.Expression)}]`;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return path;
}
