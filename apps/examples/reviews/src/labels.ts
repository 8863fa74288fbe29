// What the networks tell apart.

/** Labels of the reviews, in the order of class numbers. */
export const labels = ['negative', 'positive'] as const;

/** Either of them. */
export type Label = (typeof labels)[number];
