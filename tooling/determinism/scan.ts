// Finds what gives another result on another engine or in another locale, so that it can never reach a weight.
import { Visitor } from 'oxc-parser';
import { parse } from '../source/parse.ts';

/** One use of something banned. */
export interface Use {
  /** From 1. */
  readonly line: number;
  /** `Math.exp`, `**`, `localeCompare`. */
  readonly use: string;
  /** What to use instead. */
  readonly instead: string;
}

/** Members of Math whose result the language fixes to the last bit. */
const exact = new Set(
  'abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'.split(' '),
);

const ownMaths = "core's own maths, which gives the same bits on every engine";
const ownOrder = 'an order by code unit or code point';

/** Every banned use in `text`. */
export function scan(path: string, text: string): Use[] {
  const { program, lineAt } = parse(path, text);
  const found: Use[] = [];
  const add = (start: number, use: string, instead: string): void => {
    found.push({ line: lineAt(start), use, instead });
  };
  const judged = new Set<number>();
  const judgeMaths = (start: number, name: string): void => {
    if (name === 'random') add(start, 'Math.random', "core's counter-based generator");
    else if (!exact.has(name)) add(start, `Math.${name}`, ownMaths);
  };
  new Visitor({
    MemberExpression: (node) => {
      const name = memberName(node);
      if (node.object.type === 'Identifier' && node.object.name === 'Math' && name !== undefined) {
        judged.add(node.object.start);
        judgeMaths(node.start, name);
      } else if (name === 'localeCompare' || name?.startsWith('toLocale')) add(node.start, name, ownOrder);
      else if (name === 'Collator') add(node.start, 'Intl.Collator', ownOrder);
    },
    // Any other mention (a copy, a destructuring, a computed member) hides what is called.
    Identifier: (node) => {
      if (node.name === 'Math' && !judged.has(node.start)) add(node.start, 'Math as a value', ownMaths);
    },
    BinaryExpression: (node) => {
      if (node.operator === '**' && !isPowerOfTwo(text.slice(node.start, node.end))) add(node.start, '**', ownMaths);
    },
    AssignmentExpression: (node) => {
      if (node.operator === '**=') add(node.start, '**', ownMaths);
    },
  }).visit(program);
  return found;
}

/** `2 ** 32`, written out: exact on every engine. */
function isPowerOfTwo(text: string): boolean {
  return /^2 \*\* -?\d+$/.test(text);
}

/** The member's name where it is written out: `a.b`, `a['b']`. */
function memberName(node: { computed: boolean; property: unknown }): string | undefined {
  const property = node.property as { type: string; name?: string; value?: unknown };
  if (!node.computed) return property.name;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}
