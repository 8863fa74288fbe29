// Losses here have no options.
import { defineOptions, type OptionsSchema } from '@unrolled/core';

/** No options. */
export type NoOptions = Record<never, never>;

/** The schema of no options. */
export const noOptions: OptionsSchema<NoOptions> = /* @__PURE__ */ defineOptions<NoOptions>({});
