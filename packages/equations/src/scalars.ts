// Values of one number, such as the step size of an optimizer, in float64: what the interpreter gives, without rows and steps.
import { argumentsOf, type Binary, type Graph, type Unary, type Value } from './ir.ts';
import { binaryLoops, unaryLoops } from './kernels.ts';

/**
 * Values of `ids`, computed by elementwise primitives from constants and parameters.
 * @param parameter - the value of a parameter, all of which are scalars here.
 */
export function evaluateScalars(graph: Graph, ids: readonly number[], parameter: (name: string) => number): number[] {
  const known = new Map<number, number>();
  const evaluate = (id: number): number => {
    const value = graph.values[id] as Value;
    const result = known.get(id) ?? computed(value, argumentsOf(value).map(evaluate), parameter);
    known.set(id, result);
    return result;
  };
  return ids.map(evaluate);
}

function computed(value: Value, args: readonly number[], parameter: (name: string) => number): number {
  const [a = 0, b = 0, yes = 0, no = 0] = args;
  switch (value.op) {
    case 'constant':
      return value.value;
    case 'parameter':
      return parameter(value.name);
    case 'view':
    case 'expand':
      return a;
    case 'where':
      return a > b ? yes : no;
    default: {
      const out = new Float64Array(1);
      const [left, right] = [Float64Array.of(a), Float64Array.of(b)];
      if (args.length === 1) unaryLoops[value.op as Unary](out, 0, left, 0, 1);
      else binaryLoops[value.op as Binary](out, 0, left, 0, 1, right, 0, 1, 1);
      return out[0] as number;
    }
  }
}
