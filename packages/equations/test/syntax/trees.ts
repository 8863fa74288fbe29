// Random syntax trees of every kind of node, as the parser could have made them.
import fc from 'fast-check';
import { type Expression, findFunction, languageFunctions, type Span, type Statement } from '../../src/index.ts';

const span: Span = { start: 0, end: 0 };

const letters = 'abcxyzhmvWUbeghEΣβσεθλξ'.split('');
/** Names from Latin and Greek letters with marks, digits, subscripts, underscores and primes; and words of the field. */
export const names: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(
      'Wxh',
      'bh',
      'Why',
      'zh',
      'beta1',
      'epsilon',
      'rate',
      'loss',
      't',
      'W_s',
      'learningRate',
      '_',
      '_a',
    ),
    fc
      .tuple(
        fc.constantFrom(...letters),
        fc.string({
          unit: fc.constantFrom(...letters, '1', '2', '_', '\u0302', '\u0303', '\u0304', '₀', '₁', '′', '″'),
          maxLength: 5,
        }),
      )
      .map(([first, rest]) => first + rest),
  )
  .map((name) => name.replace(/(?<![\p{L}\p{M}])\p{M}+/gu, '').normalize('NFC'));

/** Names of letters of any script; of the general combining marks those that the renderer of the tests knows in text. */
export const anyNames: fc.Arbitrary<string> = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
  .map((text) =>
    [...`a${text}`.normalize('NFC')].filter((c) => /[\p{L}\p{M}]/u.test(c) && c !== 'ᵀ' && !/[\u0300-\u036f]/u.test(c)),
  )
  .map((letters) => letters.join('').normalize('NFC'));

const indexNames = fc.constantFrom('t', 's', 'position');

const index = fc.record({
  name: indexNames,
  offset: fc.constantFrom<0 | -1>(0, -1),
  span: fc.constant(span),
});

const number: fc.Arbitrary<Expression> = fc
  .oneof(
    fc.constantFrom(0, 1, 2, 0.5, 1e-8, 2.5e-9, 1e21, 3e300, 5e-324, 0.1),
    fc.nat(),
    fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  )
  .map((value) => ({ kind: 'number', value: value + 0, span }));

const functionNames = Object.keys(languageFunctions).filter((name) => !['where', 'dot', 'transpose'].includes(name));

interface Grammar {
  expression: Expression;
}

/** Random expressions over the names given. */
function expressions(name: fc.Arbitrary<string>): fc.Arbitrary<Expression> {
  const bareOrIndexed: fc.Arbitrary<Expression> = fc
    .tuple(name, fc.array(index, { maxLength: 2 }))
    .map(([word, indices]) => ({ kind: 'name', name: word, indices, span }));
  const { expression } = fc.letrec<Grammar>((tie: fc.LetrecTypedTie<Grammar>) => {
    const any: fc.Arbitrary<Expression> = tie('expression');
    const call = fc.constantFrom(...functionNames).chain((callee): fc.Arbitrary<Expression> => {
      const { minimum, maximum, subscript } = findFunction(callee) as NonNullable<ReturnType<typeof findFunction>>;
      const withIndex = indexNames.chain((word) =>
        any.map((argument): Expression => ({ kind: 'call', callee, subscript: word, arguments: [argument], span })),
      );
      if (subscript === 'required') return withIndex;
      const without = fc
        .array(any, { minLength: minimum, maxLength: maximum })
        .map((given): Expression => ({ kind: 'call', callee, subscript: undefined, arguments: given, span }));
      return subscript === 'allowed' ? fc.oneof(without, withIndex) : without;
    });
    const binary = fc
      .tuple(fc.constantFrom('+', '-', '*', '/', '@', '·', '^'), any, any)
      .map(([operator, left, right]) => ({ kind: 'binary', operator, left, right, span }) as Expression);
    const where = fc
      .tuple(fc.constantFrom('>', '<'), any, any, any, any)
      .map(([operator, left, right, then, otherwise]) => {
        const comparison = { kind: 'binary', operator, left, right, span } as Expression;
        return {
          kind: 'call',
          callee: 'where',
          subscript: undefined,
          arguments: [comparison, then, otherwise],
          span,
        } as Expression;
      });
    const bound = fc.option(any, { nil: undefined });
    return {
      expression: fc.oneof(
        { maxDepth: 6, depthSize: 'medium', withCrossShrink: true },
        bareOrIndexed,
        number,
        binary,
        any.map((operand): Expression => ({ kind: 'negate', operand, span })),
        any.map((operand): Expression => ({ kind: 'transpose', operand, span })),
        call,
        where,
        fc
          .tuple(any, bound, bound)
          .map(([operand, from, to]): Expression => ({ kind: 'slice', operand, from, to, span })),
        fc.array(any, { minLength: 1, maxLength: 3 }).map((items): Expression => ({ kind: 'join', items, span })),
      ),
    };
  });
  return expression;
}

/** Random modules over the names given. */
export function modules(name: fc.Arbitrary<string>): fc.Arbitrary<{ statements: Statement[] }> {
  const target = fc.array(
    indexNames.map((word) => ({ name: word, offset: 0 as const, span })),
    { maxLength: 2 },
  );
  const statement = fc
    .tuple(name, target, expressions(name))
    .map(([word, indices, value]): Statement => ({ name: word, indices, value, span, target: span }));
  return fc.array(statement, { maxLength: 3 }).map((statements) => ({ statements }));
}
