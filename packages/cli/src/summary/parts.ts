// A network's parameters by layer and gate. A gate is the value that an equation assigns: nothing here knows a cell by name.
import type { EquationModule, NetworkDescription } from '@unrolled/core';

/** A parameter's name and shape. */
export interface Shaped {
  /** `layers.0.backward.Wxi` */
  readonly name: string;
  readonly shape: readonly number[];
}

/** Parameters of one equation. */
export interface Gate {
  /** The value that the equation assigns: `i`. */
  readonly name: string;
  readonly parameters: readonly (Shaped & { readonly count: number })[];
  readonly count: number;
}

/** The input, one direction of one layer, or the output. */
export interface NetworkPart {
  /** `layers.0.backward`, `source.layers.0` of an encoder, `layers.0.begin` of a decoder's first states, `attention` */
  readonly name: string;
  /** The plug-in's name: `lstm`. */
  readonly module: string;
  readonly gates: readonly Gate[];
  readonly count: number;
}

/** Parts in the order in which a sequence passes them. */
export function networkParts(network: NetworkDescription, parameters: readonly Shaped[]): readonly NetworkPart[] {
  const { source, attention, output } = network;
  return [
    ...(source?.kind === 'encoder' ? partsOf('source.', source, parameters) : []),
    ...partsOf('', network, parameters),
    ...(attention ? [partOf('attention', attention, parameters)] : []),
    partOf('output', output, parameters),
  ];
}

/** The input and the layers of an encoder, or of the rest of the network, with the equations of a layer's first states before it. */
function partsOf(
  prefix: string,
  { input, layers }: Pick<NetworkDescription, 'input' | 'layers'>,
  parameters: readonly Shaped[],
): readonly NetworkPart[] {
  return [
    ...(input.module ? [partOf(`${prefix}input`, input.module, parameters)] : []),
    ...layers.flatMap(({ module, direction, begin }, i) => {
      const name = `${prefix}layers.${i}`;
      const ways = direction === 'both' ? [`${name}.forward`, `${name}.backward`] : [name];
      return [
        ...(begin ? [partOf(`${name}.begin`, begin, parameters)] : []),
        ...ways.map((way) => partOf(way, module, parameters)),
      ];
    }),
  ];
}

/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function partOf(name: string, module: EquationModule, all: readonly Shaped[]): NetworkPart {
  const own = all.filter((parameter) => parameter.name.slice(0, parameter.name.lastIndexOf('.')) === name);
  const uses = usesOf(module.equations);
  const placed = own.map(({ name: full, shape }) => {
    const short = full.slice(name.length + 1);
    const at = uses.findIndex((use) => use.name === short);
    return { at, gate: uses[at]?.assigned ?? '', parameter: { name: short, shape, count: sizeOf(shape) } };
  });
  const gates = new Map<string, Gate['parameters'][number][]>();
  for (const { gate, parameter } of placed.sort((a, b) => a.at - b.at))
    gates.set(gate, [...(gates.get(gate) ?? []), parameter]);
  const listed = [...gates].map(([gate, parameters]) => ({ name: gate, parameters, count: total(parameters) }));
  return { name, module: module.name, gates: listed, count: total(listed) };
}

/** Every name on the right of an equation, in order, with the value that the equation assigns. */
function usesOf(equations: string): readonly { readonly name: string; readonly assigned: string }[] {
  let assigned = '';
  return equations.split('\n').flatMap((line) => {
    const code = line.replace(/#.*/, '');
    const [, target, right] = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*(?:\[[^\]]*\])?\s*=(.*)$/u.exec(code) ?? [];
    if (target !== undefined) assigned = target; // else an open bracket continues the line before
    const names = (right ?? code).match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
    return names.map((name) => ({ name: name.replace(/ᵀ$/, ''), assigned }));
  });
}

function total(counted: readonly { readonly count: number }[]): number {
  return counted.reduce((sum, { count }) => sum + count, 0);
}
