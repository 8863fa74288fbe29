// docs/language.md: its equations parse, its table is the list of functions, its messages are the real ones.
import { readFileSync } from 'node:fs';
import { type EquationModule, zeros } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import { EquationError, languageFunctions, parse } from '../../src/index.ts';
import { inferShapes } from '../../src/infer.ts';
import { analyse } from '../../src/module.ts';

const page = readFileSync(new URL('../../../../docs/language.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(equations[^\n]*)\n(.*?)^```(?:\n\n```text\n(.*?)\n```)?/gms)].map(
  ([, kind = '', equations = '', message]) => ({ kind, equations, message }),
);

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof EquationError) return error.message;
    throw error;
  }
  return 'no error';
}

/** The cell of the page's examples: 8 inputs, 4 units. */
function checkVanilla(equations: string): void {
  const module: EquationModule = {
    name: 'vanilla',
    equations,
    parameters: { Wxh: { init: zeros() }, Whh: { init: zeros() }, bh: { init: zeros() } },
    sizes: { units: 4 },
    constants: {},
    shapes: {},
    initial: {},
    output: 'h',
  };
  inferShapes(analyse(module, ['x'], { inputs: 8 }), { x: [8] });
}

const examples = blocks.filter(({ kind }) => kind === 'equations');
const mistakes = blocks.filter(({ kind }) => kind !== 'equations');

describe('equations parse', () => {
  test.each(examples.map(({ equations }) => [equations]))('%s', (equations) => {
    expect(parse(equations).statements.length).toBeGreaterThan(0);
  });
});

describe('messages', () => {
  test.each(mistakes.map(({ kind, equations, message }) => [equations, kind, message]))(
    '%s',
    (text = '', kind, said) => {
      const check = kind === 'equations vanilla' ? checkVanilla : parse;
      expect(messageOf(() => check(text))).toBe(said);
    },
  );
});

test('the page has examples of both', () => {
  expect(examples.length).toBeGreaterThan(5);
  expect(mistakes.length).toBeGreaterThan(4);
});

test('the table of functions', () => {
  const rows = Object.values(languageFunctions).map(({ usages, meaning, derivative }) => {
    return `| ${usages.map((usage) => `\`${usage}\``).join(', ')} | ${meaning} | ${derivative} |`;
  });
  expect(page).toContain(`| call | value | derivative |\n|---|---|---|\n${rows.join('\n')}\n\n`);
});

test('every usage parses', () => {
  for (const { usages } of Object.values(languageFunctions))
    for (const usage of usages) expect(parse(`q = ${usage}`).statements).toHaveLength(1);
});
