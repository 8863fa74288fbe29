// The drawing shows what is imported, once, and leaves out what follows from it.
import { expect, test } from 'vitest';
import { dot, draw } from '../drawing.ts';
import { cycles, reduced } from '../graph.ts';

const packages = new Map([
  ['apps/studio', new Set(['packages/unrolled', 'packages/core'])],
  ['packages/unrolled', new Set(['packages/cells/lstm', 'packages/cells/vanilla', 'packages/core'])],
  ['packages/cells/lstm', new Set(['packages/core'])],
  ['packages/cells/vanilla', new Set(['packages/core'])],
  ['packages/core', new Set<string>()],
  ['tooling/docs', new Set<string>()],
]);

test('a kind is one box, and only arrows that nothing else implies are drawn', () => {
  const arrows = dot(packages)
    .split('\n')
    .filter((line) => line.includes('->'))
    .map((line) => line.trim());
  expect(arrows).toEqual(['"apps" -> "unrolled";', '"cells" -> "core";', '"unrolled" -> "cells";']);
  expect(dot(packages)).toContain('<b>cells</b><br/>lstm<br/>vanilla');
  expect(dot(packages)).not.toContain('tooling');
});

test('the SVG is the same each time and names every box', async () => {
  const svg = await draw(packages);
  expect(svg).toBe(await draw(packages));
  for (const name of ['apps', 'unrolled', 'cells', 'lstm', 'vanilla', 'core']) expect(svg).toContain(`>${name}</text>`);
});

test('reduced keeps reachability with the fewest edges', () => {
  const graph = new Map([
    ['a', new Set(['b', 'c', 'd'])],
    ['b', new Set(['c'])],
    ['c', new Set(['d'])],
    ['d', new Set<string>()],
  ]);
  expect([...reduced(graph)].map(([from, to]) => [from, ...to].join(''))).toEqual(['ab', 'bc', 'cd', 'd']);
  expect(cycles(graph)).toEqual([]);
  expect(cycles(new Map([...graph, ['d', new Set(['b'])]]))).toEqual([['b', 'c', 'd', 'b']]);
});
