// The sentence that gradients are drawn for: what tells its label stands at the other end from the answer.
import type { Label } from '../training/pipeline.ts';

/** Its words before the first comma decide; the last word is 30 steps later. */
export const sentence: { readonly text: string; readonly label: Label } = {
  text: 'A masterpiece, although nobody would guess so from the first half hour, in which people walk about a house, say little, look out of the windows and wait for the rain.',
  label: 'positive',
};
