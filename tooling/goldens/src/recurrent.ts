// Recurrent networks with everything that PyTorch or Keras computed for them: forward values and all gradients.
import kerasFile from '../data/keras.json' with { type: 'json' };
import pytorchFile from '../data/recurrent.json' with { type: 'json' };
import { type GoldenBatch, readBatch, type StoredBatch } from './batch.ts';
import type { GoldenNetwork } from './network.ts';
import { type GoldenTensor, type GoldenTensors, readTensor, readTensors, type StoredTensor } from './tensors.ts';

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
  /** Gradients of `x` and `source [time, batch, features]`, 0 at padded steps; none for ids. */
  readonly inputs: GoldenTensors;
  /** Gradients of the initial states. */
  readonly initialState: GoldenTensors;
}

/** One case: a network, a batch, and what came of it. */
export interface GoldenCase<N> {
  readonly name: string;
  readonly network: N;
  readonly batch: GoldenBatch;
  readonly parameters: GoldenTensors;
  readonly initialState: GoldenTensors;
  /** For the head `hidden`: the gradients are those of Σ outputGradient·output + Σ finalStateGradient·finalState. */
  readonly outputGradient?: GoldenTensor;
  readonly finalStateGradient?: GoldenTensors;
  readonly expected: GoldenResult;
}

/** A case of recurrent layers. */
export type RecurrentCase = GoldenCase<GoldenNetwork>;

type Stored = Readonly<Record<string, StoredTensor>>;

/** A case as it stands in the file. */
interface StoredCase extends StoredBatch {
  readonly name: string;
  readonly network: unknown;
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
  return pytorchFile.cases.map(readRecurrentCase);
}

/** Cases by Keras 3 in float64, with masks: `SimpleRNN`, `LSTM`, `Bidirectional`, `Embedding`. */
export function kerasCases(): readonly RecurrentCase[] {
  return kerasFile.cases.map(readRecurrentCase);
}

/** Reads a case as the makers write it, from the files here or from a maker that was run just now. */
export function readRecurrentCase(written: unknown): RecurrentCase {
  return readCase<GoldenNetwork>(written);
}

/** Reads a case of any kind of network. */
export function readCase<N>(written: unknown): GoldenCase<N> {
  const stored = written as StoredCase;
  const { name, network, outputGradient, finalStateGradient, expected } = stored;
  return {
    name,
    network: network as N,
    batch: readBatch(stored),
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
