// Sequences of vectors scaled per feature, by scikit-learn's scalers.
import file from '../data/scalers.json' with { type: 'json' };
import { type GoldenTensor, readTensor, type StoredTensor } from './tensors.ts';

/** Sequences before and after scaling, `[steps, features]` each. */
export interface ScalerCase {
  readonly name: string;
  /** The sequences that the scalers were fitted on. */
  readonly training: readonly GoldenTensor[];
  /** Sequences that they had not seen. */
  readonly others: readonly GoldenTensor[];
  /** Both, scaled by `StandardScaler`. */
  readonly standardize: readonly GoldenTensor[];
  /** Both, scaled by `MinMaxScaler`. */
  readonly range: readonly GoldenTensor[];
}

type Stored = { readonly name: string } & Readonly<Record<Exclude<keyof ScalerCase, 'name'>, readonly StoredTensor[]>>;

/** Every case of scalers. */
export function scalerCases(): readonly ScalerCase[] {
  return (file.cases as unknown as readonly Stored[]).map(({ name, training, others, standardize, range }) => ({
    name,
    training: training.map(readTensor),
    others: others.map(readTensor),
    standardize: standardize.map(readTensor),
    range: range.map(readTensor),
  }));
}
