/** What came of a training. */
export interface Trained {
  readonly updates: number;
  /** The bytes of weights.safetensors. */
  readonly weights: readonly number[];
  readonly probability: number;
}

/** Trains in `registry`, or in one that lives in a worker. */
export function train(registry: { readonly pipeline: (manifest: any) => any }): Promise<Trained>;
