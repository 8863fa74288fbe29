// An LSTM's whole sequence by TensorFlow's BlockLSTMV2, found by the structure of its equations.
import type { Graph, Scan } from '@unrolled/equations';
import type { TfTensor } from '@unrolled/tfjs';
import type { Affine } from './affine.ts';
import { before, byStep, type Given, type Kernel, type StateGradient, sizesOf, sumOf } from './kernel.ts';
import { type FusedLoop, gatesOf, Reader } from './loop.ts';
import type { Ops } from './ops.ts';

/**
 * A loop as an LSTM without peepholes: c[t] = f ⊙ c[t-1] + i ⊙ g, h[t] = o ⊙ tanh(c[t]), the gates σ, g tanh of sums of
 * products; under any names, in any order. Undefined where it is none.
 */
export function findLstm(graph: Graph, scan: Scan): FusedLoop | undefined {
  if (scan.carries.length !== 2) return undefined;
  const reader = new Reader(graph);
  for (const [cell, hidden] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const gates = gatesAs(reader, scan, cell, hidden);
    const shared = gates && gatesOf(gates);
    if (shared) return { scan, kernel: lstmKernel, ...shared, states: [cell, hidden] };
  }
  return undefined;
}

/** Input gate, forget gate, candidate and output gate, if those two carries are cell state and hidden state. */
function gatesAs(reader: Reader, { carries }: Scan, cell: number, hidden: number): readonly Affine[] | undefined {
  const [c, h] = [carries[cell], carries[hidden]];
  if (!c || !h) return undefined;
  const output = reader
    .pairs(h.next, 'multiply')
    .flatMap(([gate, squashed]) =>
      reader.operands(squashed, 'tanh')[0] === c.next ? (reader.gate(gate, 'sigmoid', h.leaf) ?? []) : [],
    );
  const inner = reader.pairs(c.next, 'add').flatMap(([kept, added]) => {
    const forget = reader
      .pairs(kept, 'multiply')
      .flatMap(([gate, old]) => (old === c.leaf ? (reader.gate(gate, 'sigmoid', h.leaf) ?? []) : []));
    const input = reader.pairs(added, 'multiply').flatMap(([gate, candidate]) => {
      const pair = [reader.gate(gate, 'sigmoid', h.leaf), reader.gate(candidate, 'tanh', h.leaf)] as const;
      return pair[0] && pair[1] ? [[pair[0], pair[1]] as const] : [];
    });
    return forget[0] && input[0] ? [[input[0][0], forget[0], input[0][1]] as const] : [];
  });
  return inner[0] && output[0] ? [...inner[0], output[0]] : undefined;
}

/**
 * Multiplications of one step's weight gradient above which TensorFlow's BlockLSTMGradV2, which adds it up step by step, is
 * slower than going from step to step here and multiplying once at the end (measured).
 */
const largestBlockGradient = 2_000_000;

/** Given input gate, forget gate, candidate and output gate, TensorFlow's order; states c, then h. */
const lstmKernel: Kernel = (ops, given) => {
  const { x, states, weights, biases } = given;
  const { time, batch, size, units } = sizesOf(given);
  const [cell, hidden] = states as [TfTensor, TfTensor];
  const matrix = ops.transposed(weights);
  const none = ops.zeros([units]);
  const leaves = [x, cell, hidden, matrix, none, none, none, biases];
  const attributes = [ops.float('cell_clip', 0), ops.yes('use_peephole', false)];
  const steps = ops.several('BlockLSTMV2', [ops.int64(time), ...leaves], 7, attributes);
  const [, cells, , , , , outputs] = steps as [TfTensor, TfTensor, TfTensor, TfTensor, TfTensor, TfTensor, TfTensor];
  const bySteps = batch * (size + units) * 4 * units > largestBlockGradient;
  const backward = bySteps ? gradientBySteps : gradientByBlock;
  return {
    states: [cells, outputs],
    saved: [...leaves, ...steps, weights],
    gradient: (gradients) => backward(ops, given, leaves, steps, gradients),
  };
};

/** Gates below each other with the second and the third exchanged: TensorFlow's kernel of one step has the candidate second. */
function exchanged(ops: Ops, gates: TfTensor, units: number): TfTensor {
  const [a, b, c, d] = ops.parts(gates, [units, units, units, units], 0) as [TfTensor, TfTensor, TfTensor, TfTensor];
  return ops.joined([a, c, b, d], 0);
}

type AtStep = ReturnType<typeof byStep>;

type Backward = (
  ops: Ops,
  given: Given,
  leaves: readonly TfTensor[],
  steps: readonly TfTensor[],
  gradients: readonly StateGradient[],
) => Given;

/** By the kernel of the whole sequence. */
const gradientByBlock: Backward = (ops, given, leaves, steps, gradients) => {
  const { time, batch } = sizesOf(given);
  const ends = new Int32Array(batch).fill(time);
  const isZero = gradients.some((each) => !each.steps);
  const zeros = isZero ? ops.zerosLike(steps[0] as TfTensor) : undefined;
  const whole = gradients.map(({ steps: each = zeros as TfTensor, last }) =>
    last ? ops.withLastSteps(each, last, ends) : each,
  );
  const inputs = [ops.int64(time), ...leaves, ...steps, ...whole];
  const results = ops.several('BlockLSTMGradV2', inputs, 8, [ops.yes('use_peephole', false)]);
  const [x, cell, hidden, matrix, , , , bias] = results as TfTensor[] as [TfTensor, TfTensor, TfTensor, TfTensor] &
    TfTensor[];
  return { x, states: [cell, hidden], weights: ops.transposed(matrix), biases: bias as TfTensor };
};

/** Gates of one step after another, then the gradients of the input and of the weights as one product each. */
const gradientBySteps: Backward = (ops, given, leaves, steps, gradients) => {
  const { time, batch, size, units } = sizesOf(given);
  const [x, cell, hidden] = leaves as [TfTensor, TfTensor, TfTensor];
  const weights = exchanged(ops, given.weights, units);
  const [inputWeights, hiddenWeights] = ops.parts(weights, [size, units], 1) as [TfTensor, TfTensor];
  const saved = steps.slice(0, 6).map((each) => ops.elements(each));
  const [ofCells, ofOutputs] = gradients.map((each) => byStep(ops, each, time)) as [AtStep, AtStep];
  const cells = saved[1] as TfTensor[];
  const [first] = ops.elements(x);
  const gates = new Array<TfTensor>(time);
  let ofCell: TfTensor | undefined;
  let ofHidden: TfTensor | undefined;
  for (let step = time - 1; step >= 0; step--) {
    // Of the input and of what follows it the kernel reads the sizes alone.
    const old = step === 0 ? cell : (cells[step - 1] as TfTensor);
    const inputs = [first as TfTensor, old, hidden, ...leaves.slice(3), ...saved.map((each) => each[step] as TfTensor)];
    const attributes = [ops.yes('use_peephole', false)];
    const states = [sumOf(ops, ofCell, ofCells(step)), sumOf(ops, ofHidden, ofOutputs(step))];
    const whole = states.map((each) => each ?? ops.zerosLike(cell));
    const results = ops.several('LSTMBlockCellGrad', [...inputs, ...whole], 5, attributes);
    const ofGates = results[1] as TfTensor;
    gates[step] = ofGates;
    ofCell = results[0] as TfTensor;
    ofHidden = ops.product(ofGates, hiddenWeights);
  }
  const all = ops.joined(gates, 0);
  const rows = ops.joined([ops.reshaped(x, [time * batch, size]), before(ops, hidden, steps[6] as TfTensor)], 1);
  return {
    x: ops.reshaped(ops.product(all, inputWeights), [time, batch, size]),
    states: [ofCell as TfTensor, ofHidden as TfTensor],
    weights: exchanged(ops, ops.product(all, rows, { transposeA: true }), units),
    biases: exchanged(ops, ops.sum(all), units),
  };
};
