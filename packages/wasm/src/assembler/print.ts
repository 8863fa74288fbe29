// The text form of a module (WAT), folded: each statement is one expression.
import type { Callee, FunctionCode, Immediate, Instruction, MemoryOptions, ModuleCode, Slot } from './instructions.ts';

/** Longer expressions are broken into lines. */
const WIDTH = 100;

/** Prints a module; any WebAssembly assembler reads it back. */
export function printModule({ imports, memory, globals, functions, exports }: ModuleCode): string {
  const fields = [
    ...imports.map((one) => `(import ${quoted(one.module)} ${quoted(one.name)} (func $${one.name}${signature(one)}))`),
    ...(memory ? [printMemory(memory)] : []),
    ...globals.map(({ name, type, initial }) => `(global $${name} (mut ${type}) ${inline(initial)})`),
    ...exports.map(([name, callee]) => `(export ${quoted(name)} (func $${callee.name}))`),
    ...(memory?.export === undefined ? [] : [`(export ${quoted(memory.export)} (memory 0))`]),
    ...functions.map(printFunction),
  ];
  return `(module\n${fields.map((field) => indent(field)).join('\n')})\n`;
}

function printMemory({ minimum, maximum, shared, import: from }: MemoryOptions): string {
  const limits = `${minimum}${maximum === undefined ? '' : ` ${maximum}`}${shared ? ' shared' : ''}`;
  if (!from) return `(memory ${limits})`;
  return `(import ${quoted(from.module)} ${quoted(from.name)} (memory ${limits}))`;
}

function signature({ parameters, result }: Callee): string {
  return `${parameters.map((one) => ` (param ${slot(one)})`).join('')}${result ? ` (result ${result})` : ''}`;
}

function slot({ name, type }: Slot): string {
  return `$${name} ${type}`;
}

function printFunction(code: FunctionCode): string {
  const locals = code.locals.slice(code.parameters.length).map((one) => `(local ${slot(one)})`);
  const lines = [...locals, ...code.body.map(print)].map((line) => `\n${indent(line)}`);
  return `(func $${code.name}${signature(code)}${lines.join('')})`;
}

function print(one: Instruction): string {
  const { op, operands, immediate } = one;
  if (immediate.kind === 'body') {
    const head = `(${op} $${immediate.target.name}`;
    const then = immediate.body.map(print);
    if (op !== 'if') return nested(head, then);
    const branches = [
      nested('(then', then),
      ...(immediate.otherwise ? [nested('(else', immediate.otherwise.map(print))] : []),
    ];
    return nested(head, [...operands.map(print), ...branches]);
  }
  const line = inline(one);
  return line.length <= WIDTH ? line : nested(`(${op}${suffix(immediate)}`, operands.map(print));
}

/** On one line. */
function inline({ op, operands, immediate }: Instruction): string {
  return `(${[`${op}${suffix(immediate)}`, ...operands.map(inline)].join(' ')})`;
}

function nested(head: string, parts: readonly string[]): string {
  return `${[head, ...parts.map((part) => indent(part))].join('\n')})`;
}

function suffix(immediate: Immediate): string {
  switch (immediate.kind) {
    case 'number':
      return ` ${number(immediate.value)}`;
    case 'lanes':
      return ` ${immediate.shape} ${immediate.lanes.map(number).join(' ')}`;
    case 'shuffle':
      return ` ${immediate.lanes.join(' ')}`;
    case 'slot':
      return ` $${immediate.slot.name}`;
    case 'memory':
      return `${immediate.offset ? ` offset=${immediate.offset}` : ''}${immediate.lane === undefined ? '' : ` ${immediate.lane}`}`;
    case 'lane':
      return ` ${immediate.lane}`;
    case 'call':
      return ` $${immediate.callee.name}`;
    case 'target':
      return ` $${immediate.target.name}`;
    default:
      return '';
  }
}

/** A float is its shortest decimal form; the text form spells infinity and NaN its own way. */
function number(value: number | bigint): string {
  if (Number.isNaN(value)) return 'nan';
  if (Object.is(value, -0)) return '-0';
  return String(value).replace('Infinity', 'inf');
}

/** Quotation marks, backslashes and what is not printable ASCII are bytes of two hexadecimal digits. */
function quoted(name: string): string {
  const characters = Array.from(new TextEncoder().encode(name), (byte) => {
    const character = String.fromCharCode(byte);
    return /[ !#-[\]-~]/.test(character) ? character : `\\${byte.toString(16).padStart(2, '0')}`;
  });
  return `"${characters.join('')}"`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
