// Printing: what is printed parses to the same tree, and the canonical text is the one that people would write.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, print } from '../../src/index.ts';
import { anyNames, modules, names } from './trees.ts';

/** A tree without the places in its text. */
function shape(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part) => (key === 'span' || key === 'target' ? undefined : part)));
}

test.each([
  ['h[ t ]=σ( (Wxh@x[t]) + (Whh @ h[t−1]) )', 'h[t] = sigmoid(Wxh @ x[t] + Whh @ h[t-1])\n'],
  ['a=(b*c)⊙d', 'a = b * c * d\n'],
  ['a=b*(c ∘ d)', 'a = b * (c * d)\n'],
  ['a=(U@V)@x', 'a = (U @ V) @ x\n'],
  ['a=U@(V@x)', 'a = U @ V @ x\n'],
  ['a=(-b)^2 # c', 'a = (-b)^2\n'],
  ['a=-(b^2)', 'a = -b^2\n'],
  ['a=b^(-c)', 'a = b^-c\n'],
  ['a=-(b@c)', 'a = -(b @ c)\n'],
  ['e[t, s]=dot(v,transpose(W))', 'e[t,s] = v · Wᵀ\n'],
  ['a=([b;c])[ :n - 1]', 'a = [b; c][:n - 1]\n'],
  ['a=1e-08+1.50', 'a = 1e-8 + 1.5\n'],
  ['a=where(b>c,-d,e)', 'a = where(b > c, -d, e)\n'],
  ['', ''],
])('%s', (text, expected) => expect(print(parse(text))).toBe(expected));

test('parsing what was printed gives the same tree', () => {
  fc.assert(
    fc.property(modules(fc.oneof(names, anyNames)), (tree) => {
      expect(shape(parse(print(tree)).statements)).toEqual(shape(tree.statements));
    }),
    { numRuns: 500 },
  );
});

test('printing again changes nothing', () => {
  fc.assert(
    fc.property(modules(names), (tree) => {
      const text = print(tree);
      expect(print(parse(text))).toBe(text);
    }),
    { numRuns: 200 },
  );
});
