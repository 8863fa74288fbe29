// A cell as short as its paper: name, source, equations, output, parameters.
import { expect, test } from 'vitest';
import {
  type CompileSettings,
  defineBackend,
  defineCell,
  defineOptions,
  glorotUniform,
  type NetworkDescription,
  orthogonal,
  parseOptions,
  zeros,
} from '../src/index.ts';

const elman = defineCell({
  name: 'elman',
  source: 'Elman 1990, Finding structure in time',
  equations: 'h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bh)',
  output: 'h',
  parameters: { Wxh: glorotUniform(), Whh: orthogonal(), bh: { shape: ['units'], init: zeros() } },
});

test('a cell that says nothing of options has units alone', () => {
  const options = parseOptions(elman.options, { units: 3 }, 'cell "elman"');
  expect(elman.module(options)).toEqual({
    name: 'elman',
    equations: 'h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bh)',
    parameters: {
      Wxh: { init: glorotUniform() },
      Whh: { init: orthogonal() },
      bh: { shape: ['units'], init: zeros() },
    },
    sizes: { units: 3 },
    constants: {},
    shapes: {},
    initial: {},
    output: 'h',
  });
  expect(elman.options.defaults).toEqual({ units: 64 });
  expect(() => parseOptions(elman.options, { unit: 3 }, 'cell "elman"')).toThrow(/option "unit" is not known/);
});

test('a cell that says nothing of its package has the name that others publish under', () => {
  expect(elman.package).toBe('unrolled-cell-elman');
});

test.each([
  [{ memory: 'lots' }, 'A backend was given memory "lots". Give a text such as 64MB, 64MiB, 1.5GB or 65536 (bytes)'],
  [{ memory: 64e6 }, 'A backend was given memory 64000000. Give a text such as'],
  [{ threads: 0 }, 'A backend was given threads 0. Give a whole number of at least 1'],
  [{ precision: 'float16' }, 'A backend was given precision "float16". Give float32 or float64'],
  [{ numerics: 'exactt' }, 'A backend was given numerics "exactt". Give exact or fast'],
  [{ thread: 1 }, 'A backend has no setting "thread". Did you mean "threads"?'],
])('any backend refuses %j before it is asked', async (settings, message) => {
  const backend = defineBackend({
    name: 'deaf',
    package: 'unrolled-backend-deaf',
    options: defineOptions<Record<never, never>>({}),
    precisions: ['float64'],
    deterministic: true,
    compile: () => () => Promise.reject(new Error('It was asked.')),
  });
  const compiling = backend.compile({})({} as NetworkDescription, settings as CompileSettings);
  await expect(compiling).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining(message) });
});
