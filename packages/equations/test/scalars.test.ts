// Scalars alone against the interpreter: the same bits for every elementwise primitive and for powers.
import type { EquationModule } from '@unrolled/core';
import { expect, test } from 'vitest';
import { buildUpdate, type Environment, evaluateScalars, Interpreter } from '../src/index.ts';

const optimizer: EquationModule = {
  name: 'scalars',
  equations: `
    q[t] = beta^t + exp(0 - rate) * sin(t) / sqrt(rate + 1) - log(t + beta)
    s[t] = where(q[t] > 0.5, tanh(q[t]), max(σ(q[t]), min(abs(q[t]), softplus(rate)))) + cos(rate)^2
    w[t] = w[t-1] - s[t] * g[t]
  `,
  output: 'w',
  constants: { beta: 0.9 },
  parameters: {},
  sizes: {},
  shapes: {},
  initial: {},
};

test.each([
  [0.001, 1],
  [0.5, 2],
  [3, 1000],
])('rate %d at update %d', (rate, t) => {
  const { builder, weights } = buildUpdate(optimizer, 3);
  const ids = builder.values.filter(({ shape, id }) => shape.length === 0 && id < weights).map(({ id }) => id);
  const given: Readonly<Record<string, number>> = { rate, t };
  const interpreter = new Interpreter(builder, ids);
  const environment = { rows: 0, parameter: (name: string) => Float64Array.of(given[name] ?? 0) } as Environment;
  interpreter.run(environment);
  const expected = ids.map((id) => interpreter.read(id).data[0]);
  expect(ids.length).toBeGreaterThan(20);
  expect(evaluateScalars(builder, ids, (name) => given[name] as number)).toEqual(expected);
});
