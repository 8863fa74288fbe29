// A GRU's steps by TensorFlow's GRUBlockCell, found by the structure of its equations.
import type { Graph, Scan } from '@unrolled/equations';
import type { TfTensor } from '@unrolled/tfjs';
import type { Affine } from './affine.ts';
import { before, byStep, type Kernel, type StateGradient, sizesOf, sumOf } from './kernel.ts';
import { type FusedLoop, gatesOf, Reader } from './loop.ts';

/**
 * A loop as a GRU whose reset comes before the product: n = tanh(W @ x[t] + U @ (r ⊙ h[t-1]) + b) and either
 * h[t] = z ⊙ h[t-1] + (1 - z) ⊙ n or h[t] = (1 - z) ⊙ h[t-1] + z ⊙ n; under any names, in any order. Undefined where it is none.
 */
export function findGru(graph: Graph, scan: Scan): FusedLoop | undefined {
  const [carry] = scan.carries;
  if (scan.carries.length !== 1 || !carry) return undefined;
  const reader = new Reader(graph);
  for (const [kept, added] of reader.pairs(carry.next, 'add')) {
    for (const [share, old] of reader.pairs(kept, 'multiply')) {
      if (old !== carry.leaf) continue;
      for (const [rest, candidate] of reader.pairs(added, 'multiply')) {
        const found = gatesAs(reader, carry.leaf, share, rest, candidate);
        const shared = found && gatesOf(found.gates);
        if (shared) return { scan, kernel: gruKernel(found.complement), ...shared, states: [0] };
      }
    }
  }
  return undefined;
}

/** Reset gate, update gate and candidate, and whether the update gate is the share of the candidate. */
function gatesAs(
  reader: Reader,
  hidden: number,
  share: number,
  rest: number,
  candidate: number,
): { readonly gates: readonly Affine[]; readonly complement: boolean } | undefined {
  const complement = isComplement(reader, share, rest);
  if (!complement && !isComplement(reader, rest, share)) return undefined;
  const update = reader.gate(complement ? rest : share, 'sigmoid', hidden);
  const resets = productsIn(reader, candidate).flatMap((vector) =>
    reader.pairs(vector, 'multiply').flatMap(([gate, old]) => {
      const reset = old === hidden ? reader.gate(gate, 'sigmoid', hidden) : undefined;
      const fresh = reset && reader.gate(candidate, 'tanh', vector);
      return reset && fresh ? [[reset, fresh] as const] : [];
    }),
  );
  const [pair] = resets;
  return update && pair && { gates: [pair[0], update, pair[1]], complement };
}

/** Whether `a` is 1 − `b`. */
function isComplement(reader: Reader, a: number, b: number): boolean {
  const [one, gate] = reader.operands(a, 'subtract');
  const value = one === undefined ? undefined : reader.value(one);
  return value?.op === 'constant' && value.value === 1 && gate === b;
}

/** Vectors that matrices are multiplied by inside of the loop, in the sum that `id` is a function of. */
function productsIn(reader: Reader, id: number): readonly number[] {
  const value = reader.value(id);
  if (value.op === 'matmul') return value.args.slice(1).filter((vector) => reader.value(vector).scope >= 0);
  const inner = value.op === 'tanh' || value.op === 'add' ? value.args : [];
  return inner.flatMap((arg) => productsIn(reader, arg));
}

/**
 * Given reset gate, update gate and candidate. TensorFlow's update gate is the share of the old state.
 * @param complement - whether ours is that of the candidate: 1 − σ(a) = σ(−a).
 */
function gruKernel(complement: boolean): Kernel {
  return (ops, given) => {
    const { time, batch, size, units } = sizesOf(given);
    const signed = (x: TfTensor): TfTensor => (complement ? ops.negative(x) : x);
    const both = ([reset, update]: readonly TfTensor[]): TfTensor =>
      ops.joined([reset as TfTensor, signed(update as TfTensor)], 0);
    const byGate = (all: TfTensor): readonly TfTensor[] => ops.parts(all, [units, units, units], 0);
    const [weights, biases] = [byGate(given.weights), byGate(given.biases)];
    const leaves = [
      ops.transposed(both(weights)),
      ops.transposed(weights[2] as TfTensor),
      both(biases),
      biases[2] as TfTensor,
    ];
    const [first] = given.states as [TfTensor];
    const inputs = ops.elements(given.x);
    const steps: TfTensor[][] = [];
    let hidden = first;
    for (const x of inputs) {
      const step = ops.several('GRUBlockCell', [x, hidden, ...leaves], 4);
      hidden = step[3] as TfTensor;
      steps.push(step);
    }
    const outputs = ops.stacked(steps.map((step) => step[3] as TfTensor));
    return {
      states: [outputs],
      saved: [given.x, first, outputs, ...leaves, ...inputs, ...steps.flat()],
      gradient: ([ofState]) => {
        const ofOutputs = byStep(ops, ofState as StateGradient, time);
        const gradients = new Array<readonly TfTensor[]>(time);
        let ofHidden: TfTensor | undefined;
        for (let step = time - 1; step >= 0; step--) {
          const [reset, update, candidate] = steps[step] as TfTensor[];
          const old = step === 0 ? first : (steps[step - 1]?.[3] as TfTensor);
          const saved = [reset, update, candidate] as TfTensor[];
          const whole = sumOf(ops, ofHidden, ofOutputs(step)) ?? ops.zerosLike(first);
          const args = [inputs[step] as TfTensor, old, ...leaves, ...saved, whole];
          gradients[step] = ops.several('GRUBlockCellGrad', args, 4);
          ofHidden = gradients[step]?.[1] as TfTensor;
        }
        const all = (at: number) =>
          ops.joined(
            gradients.map((each) => each[at] as TfTensor),
            0,
          );
        const [ofCandidate, ofGates] = [all(2), all(3)];
        const x = ops.reshaped(given.x, [time * batch, size]);
        const old = before(ops, first, outputs);
        const resets = ops.joined(
          steps.map((step) => step[0] as TfTensor),
          0,
        );
        const products = (of: TfTensor, rows: TfTensor) =>
          ops.product(of, ops.joined([x, rows], 1), { transposeA: true });
        const [reset, update] = ops.parts(products(ofGates, old), [units, units], 0) as [TfTensor, TfTensor];
        const sums = ops.parts(ops.sum(ofGates), [units, units], 0) as [TfTensor, TfTensor];
        return {
          x: ops.stacked(gradients.map((each) => each[0] as TfTensor)),
          states: [ofHidden as TfTensor],
          weights: ops.joined([reset, signed(update), products(ofCandidate, ops.multiply(resets, old))], 0),
          biases: ops.joined([sums[0], signed(sums[1]), ops.sum(ofCandidate)], 0),
        };
      },
    };
  };
}
