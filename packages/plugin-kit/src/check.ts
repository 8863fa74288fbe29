// A check: a named test that any test runner can run, and the way to hand it to one.
import { UnrolledError } from '@unrolled/core';

/** One test of conformance. */
export interface Check {
  /** What holds, as a sentence: `gives the same tokens twice`. */
  readonly name: string;
  /** Resolves where it holds. @throws UnrolledError `CONFORMANCE` that says what does not. */
  readonly run: () => Promise<void>;
  /** Why it can't be run here; `run` is not to be called then. */
  readonly skip?: string;
}

/** What `it` of vitest, node:test, jest and mocha have in common. */
export interface It {
  /** Declares a test. */
  (name: string, run: () => Promise<void>): unknown;
  /** Declares a test that is not run. */
  readonly skip: (name: string, run: () => Promise<void>) => unknown;
}

/** Declares `checks` as tests of a runner: `conform(it, tokenizerConformance(words))`. A reason to skip stands in the test's name. */
export function conform(it: It, checks: readonly Check[]): void {
  for (const { name, run, skip } of checks) {
    if (skip === undefined) it(name, run);
    else it.skip(`${name} (skipped: ${skip})`, run);
  }
}

/** @throws UnrolledError `CONFORMANCE` with `sentence`, where it does not hold. */
export function expectThat(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new UnrolledError('CONFORMANCE', sentence);
}

/** A check with a body that may be synchronous. */
export function check(name: string, run: () => void | Promise<void>, skip?: string): Check {
  return { name, run: async () => run(), ...(skip !== undefined && { skip }) };
}

/** Runs `run`, which must fail with an UnrolledError (of one of `codes`, where they are given), and says what was given otherwise. */
export async function expectRefusal(what: string, run: () => unknown, codes: readonly string[] = []): Promise<void> {
  let error: unknown;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  const { code } = (error ?? {}) as { code?: unknown };
  const expected = codes.length > 0 ? `UnrolledError ${codes.join(' or ')}` : 'an UnrolledError';
  const refused = typeof code === 'string' && (codes.length === 0 || codes.includes(code));
  expectThat(
    refused,
    `${what} must be refused with ${expected}, but ${error === undefined ? 'was taken' : `gave ${error}`}.`,
  );
}
