// The version of this package, as models record it. A test holds it equal to package.json's.

/** Version of @unrolled/core. */
export const VERSION = '0.0.0';
