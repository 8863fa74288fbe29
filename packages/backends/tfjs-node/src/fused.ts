// Runs loops of known structure by fused kernels: sequences of any lengths, forward or backward, states carried along.
import type { Graph } from '@unrolled/equations';
import { type FindWhole, firstCarry, type Outside, type ScanResult, type TfTensor } from '@unrolled/tfjs';
import { findGru } from './gru.ts';
import { type Given, sizesOf } from './kernel.ts';
import type { FusedLoop } from './loop.ts';
import { findLstm } from './lstm.ts';
import { Ops } from './ops.ts';

/** Class numbers up to this many become one-hot vectors for the kernels; of more, looking up is cheaper than multiplying. */
const mostClasses = 256;

/** Finds loops that TensorFlow has a kernel for, of which nothing but the states is asked for. */
export const findFused: FindWhole = (graph, scan, stacked) => {
  const loop = findLstm(graph, scan) ?? findGru(graph, scan);
  const { carries } = scan;
  if (!loop || !stacked.every((id) => carries.some(({ next }) => next === id))) return undefined;
  if (loop.inputs.some((_, at) => classesOf(graph, loop, at) > mostClasses)) return undefined;
  return (outside) => run(outside, loop, stacked);
};

/** How many class numbers an input has; 0 for vectors. */
function classesOf({ values }: Graph, { inputs, gates }: FusedLoop, at: number): number {
  if (values[inputs[at] as number]?.shape.length !== 0) return 0;
  return values[gates[0]?.inputs[at] as number]?.shape[1] ?? 0;
}

/** Undefined where a sequence has no step at all. */
function run(outside: Outside, loop: FusedLoop, stacked: readonly number[]): ScanResult | undefined {
  const { recorder, positions } = outside;
  const { lengths, shortest, time } = positions;
  if (shortest === 0) return undefined;
  const ops = new Ops(recorder.tf);
  const { scan } = loop;
  const turned = (x: TfTensor): TfTensor => (scan.reverse ? ops.stepsReversed(x, lengths) : x);

  const leaves = leavesOf(outside, loop);
  const given = givenOf(ops, leaves, turned);
  const computed = loop.kernel(ops, given);
  for (const tensor of [given.x, ...computed.saved]) recorder.hold(tensor);

  // Of each state: at every step where that is asked for, and after the last.
  const wanted = loop.states.map((carry) => stacked.includes(scan.carries[carry]?.next as number));
  const stacks = computed.states.flatMap((state, i) => (wanted[i] ? [turned(state)] : []));
  const finals = computed.states.map((state) => ops.lastSteps(state, lengths));
  const results = recorder.several(differentiable(leaves), [...stacks, ...finals], (dys) => {
    const ofStacks = dys.slice(0, stacks.length);
    const ofStates = loop.states.map((_, i) => {
      const stack = wanted[i] ? ofStacks.shift() : undefined;
      const last = dys[stacks.length + i];
      const steps = stack && turned(stack);
      if (!last || shortest === time) return { steps, last };
      const from = steps ?? ops.zerosLike(computed.states[i] as TfTensor);
      return { steps: ops.withLastSteps(from, last, lengths), last: undefined };
    });
    return gradientsOf(ops, leaves, computed.gradient(ofStates), turned);
  });
  return {
    finals: scan.carries.map((_, carry) => results[stacks.length + loop.states.indexOf(carry)] as TfTensor),
    stack: (id) => {
      const asked = loop.states.filter((_, i) => wanted[i]);
      return results[asked.findIndex((carry) => scan.carries[carry]?.next === id)] as TfTensor;
    },
  };
}

/** What a loop reads, as tensors on the tape. */
interface Leaves {
  readonly inputs: readonly TfTensor[];
  readonly states: readonly TfTensor[];
  readonly gates: readonly {
    readonly inputs: readonly TfTensor[];
    readonly recurrent: TfTensor;
    readonly biases: readonly TfTensor[];
  }[];
}

function leavesOf(outside: Outside, { scan, inputs, gates, states }: FusedLoop): Leaves {
  const { operand } = outside;
  return {
    inputs: inputs.map(operand),
    states: states.map((carry) => firstCarry(outside, scan, carry)),
    gates: gates.map((gate) => ({
      inputs: gate.inputs.map(operand),
      recurrent: operand(gate.recurrent),
      biases: gate.biases.map(operand),
    })),
  };
}

/** All that has a gradient: everything but class numbers. */
function differentiable({ inputs, states, gates }: Leaves): readonly TfTensor[] {
  const vectors = inputs.filter(({ dtype }) => dtype === 'float32');
  return [...vectors, ...states, ...gates.flatMap((gate) => [...gate.inputs, gate.recurrent, ...gate.biases])];
}

/** What the kernel reads: inputs as one, the matrices and biases of all gates as one. */
function givenOf(ops: Ops, { inputs, states, gates }: Leaves, turned: (x: TfTensor) => TfTensor): Given {
  const vectors = inputs.map((input, i) =>
    input.dtype === 'float32' ? input : ops.oneHot(input, gates[0]?.inputs[i]?.shape[1] as number),
  );
  const [batch = 0, units = 0] = states[0]?.shape ?? [];
  const size = vectors.reduce((sum, { shape }) => sum + (shape[2] as number), 0);
  // The kernel of LSTMs is slower, and says so at each call, where both are odd: a column of zeros makes one of them even.
  const column = batch % 2 === 1 && size % 2 === 1;
  const [time = 0] = vectors[0]?.shape ?? [];
  const [xs, ws] = column ? [[ops.zeros([time, batch, 1])], [ops.zeros([gates.length * units, 1])]] : [[], []];
  const below = (matrices: readonly TfTensor[]): TfTensor => ops.joined(matrices, 0);
  const ofInputs = inputs.map((_, at) => below(gates.map((gate) => gate.inputs[at] as TfTensor)));
  return {
    x: turned(ops.joined([...vectors, ...xs], 2)),
    states,
    weights: ops.joined([...ofInputs, ...ws, below(gates.map(({ recurrent }) => recurrent))], 1),
    biases: ops.joined(
      gates.map(({ biases }) => biasOf(ops, biases, units)),
      0,
    ),
  };
}

/** The sum of vectors, and of numbers for each unit. */
function biasOf(ops: Ops, biases: readonly TfTensor[], units: number): TfTensor {
  const [only] = biases;
  if (biases.length === 1 && only?.rank === 1) return only;
  return biases.reduce((sum, bias) => ops.add(sum, bias), ops.zeros([units]));
}

/** The kernel's gradients as those of what has one, in the same order. */
function gradientsOf(
  ops: Ops,
  { inputs, gates }: Leaves,
  gradients: Given,
  turned: (x: TfTensor) => TfTensor,
): TfTensor[] {
  const { size, units } = sizesOf(gradients);
  const own = (gates[0]?.inputs ?? []).map(({ shape }) => shape[1] as number);
  const column = size - own.reduce((sum, each) => sum + each, 0);
  const sizes = column > 0 ? [...own, column] : own;
  const ofInputs = ops.parts(turned(gradients.x), sizes, 2);
  const byGate = new Array<number>(gates.length).fill(units);
  const ofWeights = ops.parts(gradients.weights, [...sizes, units], 1).map((each) => ops.parts(each, byGate, 0));
  const ofBiases = ops.parts(gradients.biases, byGate, 0);
  return [
    ...inputs.flatMap(({ dtype }, i) => (dtype === 'float32' ? [ofInputs[i] as TfTensor] : [])),
    ...gradients.states,
    ...gates.flatMap(({ biases }, i) => [
      ...own.map((_, at) => ofWeights[at]?.[i] as TfTensor),
      ofWeights.at(-1)?.[i] as TfTensor,
      ...biases.map(({ rank }) => {
        const gradient = ofBiases[i] as TfTensor;
        return rank === 0 ? ops.sum(gradient) : gradient.clone();
      }),
    ]),
  ];
}
