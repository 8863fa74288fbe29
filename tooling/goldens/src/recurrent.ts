// Recurrent networks with everything that PyTorch or Keras computed for them: forward values and all gradients.
import pytorchFile from '../data/recurrent.json' with { type: 'json' };
import {
  type GoldenTensor,
  type GoldenTensors,
  readIntegers,
  readTensor,
  readTensors,
  type StoredTensor,
} from './tensors.ts';

/** One recurrent layer. */
export interface GoldenLayer {
  readonly cell: 'vanilla' | 'lstm';
  readonly units: number;
  readonly direction: 'forward' | 'backward' | 'both';
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
   * Otherwise the last layer's output is pooled over the true steps (`last` is the output at the last true step, in both
   * directions), then `y = Why @ pooled + by`.
   */
  readonly head: 'hidden' | 'steps' | 'last' | 'mean' | 'max';
  /** Size of `y`; absent for the head `hidden`. */
  readonly size?: number;
  /** Absent for the head `hidden`. The last two come with `size` 1 only, where their sum and mean are the same. */
  readonly loss?: 'categorical-cross-entropy' | 'squared-error' | 'binary-cross-entropy';
}

/** A batch as core's `Executable` takes it. Padding holds arbitrary valid numbers, in inputs, targets and weights alike. */
export interface GoldenBatch {
  readonly size: number;
  readonly time: number;
  readonly inputs: { readonly x: Int32Array | Float64Array };
  readonly lengths: Int32Array;
  readonly targets?: Int32Array | Float64Array;
  readonly weights?: Float64Array;
  readonly exampleIndex: Int32Array;
  readonly start: Int32Array;
}

/** What the network gives. */
export interface GoldenResult {
  /** `[batch, size]` (of an empty row: `by`), `[time, batch, size]`, or `[time, batch, hidden]`; 0 at padded steps. */
  readonly output: GoldenTensor;
  /** Sum of weight × loss over true rows or steps; 0 for the head `hidden`. */
  readonly loss: number;
  /** `[batch, units]` by state name; an empty row keeps its initial state. */
  readonly finalState: GoldenTensors;
  /** Gradients by parameter name. */
  readonly parameters: GoldenTensors;
  /** Gradient of `x [time, batch, features]`, 0 at padded steps; empty for ids. */
  readonly inputs: GoldenTensors;
  /** Gradients of the initial states. */
  readonly initialState: GoldenTensors;
}

/** One case: a network, a batch, and what came of it. */
export interface RecurrentCase {
  readonly name: string;
  /** The precision that the expected numbers were computed in: compare with 1e-9 in float64, 1e-5 in float32. */
  readonly precision: 'float64' | 'float32';
  readonly network: GoldenNetwork;
  readonly batch: GoldenBatch;
  readonly parameters: GoldenTensors;
  readonly initialState: GoldenTensors;
  /** For the head `hidden`: the gradients are those of Σ outputGradient·output + Σ finalStateGradient·finalState. */
  readonly outputGradient?: GoldenTensor;
  readonly finalStateGradient?: GoldenTensors;
  readonly expected: GoldenResult;
}

type Stored = Readonly<Record<string, StoredTensor>>;

/** A case as it stands in the file. */
interface StoredCase {
  readonly name: string;
  readonly network: GoldenNetwork;
  readonly lengths: readonly number[];
  readonly x: StoredTensor;
  readonly targets?: StoredTensor;
  readonly weights?: StoredTensor;
  readonly parameters: Stored;
  readonly initialState: Stored;
  readonly outputGradient?: StoredTensor;
  readonly finalStateGradient?: Stored;
  readonly expected: {
    readonly output: StoredTensor;
    readonly loss: number;
    readonly finalState: Stored;
    readonly parameters: Stored;
    readonly inputs: Stored;
    readonly initialState: Stored;
  };
}

/** Cases by PyTorch in float64: `torch.nn.RNN` and `torch.nn.LSTM` over packed sequences. */
export function recurrentCases(): readonly RecurrentCase[] {
  return (pytorchFile.cases as unknown as readonly StoredCase[]).map((stored) => readCase(stored, 'float64'));
}

function readCase(stored: StoredCase, precision: RecurrentCase['precision']): RecurrentCase {
  const { name, network, targets, weights, outputGradient, finalStateGradient, expected } = stored;
  const size = stored.lengths.length;
  return {
    name,
    precision,
    network,
    batch: {
      size,
      time: stored.x.shape[0] as number,
      inputs: { x: readNumbers(stored.x) },
      lengths: Int32Array.from(stored.lengths),
      ...(targets && { targets: readNumbers(targets) }),
      ...(weights && { weights: readTensor(weights).data }),
      exampleIndex: Int32Array.from({ length: size }, (_, row) => row),
      start: new Int32Array(size),
    },
    parameters: readTensors(stored.parameters),
    initialState: readTensors(stored.initialState),
    ...(outputGradient && { outputGradient: readTensor(outputGradient) }),
    ...(finalStateGradient && { finalStateGradient: readTensors(finalStateGradient) }),
    expected: {
      output: readTensor(expected.output),
      loss: expected.loss,
      finalState: readTensors(expected.finalState),
      parameters: readTensors(expected.parameters),
      inputs: readTensors(expected.inputs),
      initialState: readTensors(expected.initialState),
    },
  };
}

function readNumbers(stored: StoredTensor): Int32Array | Float64Array {
  return stored.i32 === undefined ? readTensor(stored).data : readIntegers(stored);
}
