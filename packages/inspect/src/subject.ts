// What is looked into.
import type { NetworkDescription, Tensors } from '@unrolled/core';

/** What is looked into: a trained model's `anatomy()`, or a network and weights from anywhere. */
export interface Subject {
  /** Equations, sizes and how they are joined. */
  readonly network: NetworkDescription;
  /** Weights by name. */
  readonly parameters: Tensors;
}
