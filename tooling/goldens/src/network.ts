// What the network of a golden is made of.
import type { LstmOptions } from '@unrolled/cell-lstm';
import type { VanillaOptions } from '@unrolled/cell-vanilla';

/** One recurrent layer. */
export interface GoldenLayer {
  readonly cell: 'vanilla' | 'lstm';
  readonly units: number;
  readonly direction: 'forward' | 'backward' | 'both';
  /** Options of the cell that are not its defaults. */
  readonly options?: Partial<Omit<LstmOptions & VanillaOptions, 'units'>>;
}

/** What a network is made of, in words that a test turns into a `NetworkDescription`. */
export interface GoldenNetwork {
  /** Vectors of `size`; or ids, looked up in `input.E [vocabulary, embedding]`, or one-hot where `embedding` is absent. */
  readonly input:
    | { readonly kind: 'vectors'; readonly size: number }
    | { readonly kind: 'ids'; readonly vocabulary: number; readonly embedding?: number };
  /** First to last. */
  readonly layers: readonly GoldenLayer[];
  /**
   * `hidden`: the output is the last layer's own, with no parameters and no loss. `steps`: `y[t] = Why @ h[t] + by`.
   * Otherwise the last layer's output is pooled over the true steps (`last` is the output where a direction ends: at the
   * last true step, for a backward direction at the first), then `y = Why @ pooled + by`.
   */
  readonly head: 'hidden' | 'steps' | 'last' | 'mean' | 'max';
  /** Size of `y`; absent for the head `hidden`. */
  readonly size?: number;
  /** Absent for the head `hidden`. The last two come with `size` 1 only, where their sum and mean are the same. */
  readonly loss?: 'categorical-cross-entropy' | 'squared-error' | 'binary-cross-entropy';
}
