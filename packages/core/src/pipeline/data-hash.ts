// The hash of a data set: of every example's raw input and what is learned of it, in order.
import type { Example } from '../contracts/plugins.ts';
import { createChecksum } from '../files/checksum.ts';
import { plainRows } from './inputs.ts';

/** A hash that examples are added to. */
export interface DataHash {
  /** Adds the next example. */
  readonly add: (example: Example) => void;
  /** Of all that were added: `sha256:` and 64 hexadecimal digits. */
  readonly digest: () => string;
}

/** Begins with no example. */
export function createDataHash(): DataHash {
  const checksum = createChecksum();
  return {
    // JSON keeps label and input apart, and escapes lone surrogates, which UTF-8 could not tell from one another.
    add: ({ label = null, text, values, tokens, labels, number, target }) => {
      const more = [tokens, labels, number, target].map((part) => part ?? null);
      const further = more.some((part) => part !== null) ? more : [];
      checksum.update(
        `${JSON.stringify([label, text ?? (Array.isArray(values) ? plainRows(values) : null), ...further])}\n`,
      );
    },
    digest: () => `sha256:${checksum.digest()}`,
  };
}
