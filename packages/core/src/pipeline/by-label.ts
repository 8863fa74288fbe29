// Values in the order of class numbers as a record by shown label.
import type { LabelTable } from './labels.ts';

/** `values[i]` under the name of label i. */
export function byLabel<Label extends string, T>(labels: LabelTable, values: ArrayLike<T>): Readonly<Record<Label, T>> {
  return Object.fromEntries(labels.shown.map((label, index) => [label, values[index]])) as Record<Label, T>;
}
