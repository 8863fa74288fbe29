// First values of a decoder's states from the memory of its encoder.
import { type EquationModule, glorotUniform, type ParameterDescription, zeros } from '@unrolled/core';
import { statesOf } from '@unrolled/equations';

/**
 * Equations of the first values of all states of a cell that begin at zero: `h = tanh(Wbh @ p + bbh)`, where `p` is the last
 * step of the memory, or its mean.
 */
export function beginModule(pool: 'last' | 'mean', cell: EquationModule): EquationModule | undefined {
  const begun = statesOf(cell).filter((state) => (cell.initial[state] ?? 'zero') === 'zero');
  const [first] = begun;
  if (first === undefined) return undefined;
  const parameters = begun.flatMap((state): [string, ParameterDescription][] => [
    [`Wb${state}`, { init: glorotUniform() }],
    [`bb${state}`, { init: zeros() }],
  ]);
  return {
    name: `begin of ${cell.name}`,
    equations: [`p = ${pool}_s(m[s])`, ...begun.map((state) => `${state} = tanh(Wb${state} @ p + bb${state})`)].join(
      '\n',
    ),
    parameters: Object.fromEntries(parameters),
    sizes: cell.sizes,
    constants: {},
    shapes: Object.fromEntries(begun.map((state) => [state, cell.shapes[state] ?? ['units']])),
    initial: {},
    output: first,
  };
}
