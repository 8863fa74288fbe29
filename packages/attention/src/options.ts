// The options that both kinds of attention have.
import { defineOptions, type OptionsSchema, size } from '@unrolled/core';

/** Options of attention. */
export interface AttentionOptions {
  /** Size of the vector at each step that the output layer sees. */
  readonly units: number;
}

export const attentionOptions: OptionsSchema<AttentionOptions> = /* @__PURE__ */ defineOptions<AttentionOptions>({
  units: /* @__PURE__ */ size(128, 'Size of the vector at each step that the output layer sees'),
});
