// The reference backend: float64, one row at a time, in plain TypeScript. For truth, not for speed.
import { type Backend, type Compile, defineBackend, defineOptions, parseOptions, UnrolledError } from '@unrolled/core';
import { ReferenceExecutable } from './executable.ts';

/** It has no options. */
export type ReferenceOptions = Record<never, never>;

/** Float64 interpreter: what every other backend is tested against. Same seed, same bits, on any engine. */
export const reference: Backend<'reference', ReferenceOptions> = /* @__PURE__ */ defineBackend({
  name: 'reference',
  package: '@unrolled/backend-reference',
  options: /* @__PURE__ */ defineOptions<ReferenceOptions>({}),
  precisions: ['float64'],
  deterministic: true,
  compile:
    () =>
    async (network, { precision = 'float64' }) => {
      if (precision === 'float64') return new ReferenceExecutable(network);
      throw new UnrolledError(
        'BACKEND_UNSUPPORTED',
        `The reference backend computes in float64, but ${precision} was asked for.`,
        { mend: 'Leave precision out, or use another backend.' },
      );
    },
});

/**
 * Compiles networks, for use without a registry: `(network, settings)` → a promise of an executable.
 * @throws UnrolledError `OPTION_INVALID`; while compiling `BACKEND_UNSUPPORTED` and the language's own errors
 */
export function referenceBackend(options: Partial<ReferenceOptions> = {}): Compile {
  return reference.compile(parseOptions(reference.options, options, 'backend "reference"'));
}

/**
 * Compiles networks of which every value is rounded to float32 as it is computed, forward and backward: how far it lies from
 * the reference says what rounding alone makes of a network, and so what a backend in float32 can be held to. Sums are
 * rounded once, at their end; weights, inputs and states are rounded by whoever gives them; updates are not rounded.
 */
export function roundedReference(): Compile {
  return async (network) =>
    new ReferenceExecutable(network, (values) => {
      for (let i = 0; i < values.length; i++) values[i] = Math.fround(values[i] as number);
    });
}
