// How much of the loss's gradient reaches back to each earlier hidden state.
import { gradientFlow, type Subject } from '@unrolled/inspect';
import type { Batch } from 'unrolled';

/** ‖∂L/∂h[k]‖ of the first layer by lag: 0 is the last word, 1 the word before it. */
export function normsByLag(subject: Subject, batch: Batch): number[] {
  const { norms } = gradientFlow(subject, batch).states['layers.0.h'] as { readonly norms: Float64Array };
  return [...norms].reverse();
}
