// Small networks for tests: a module from its text, and a network around a cell, a head or a loss.
import type { EquationModule, NetworkDescription } from '@unrolled/core';

/** What a test says about a module besides its text. */
export type Extras = Partial<Omit<EquationModule, 'parameters'>> & {
  /** Parameters by name: their declared shape, or nothing. */
  readonly parameters?: Readonly<Record<string, readonly (number | string)[] | undefined>>;
};

/** A module; parameters begin as ones. */
export function moduleOf(name: string, equations: string, output: string, extras: Extras = {}): EquationModule {
  const { parameters = {}, ...others } = extras;
  return {
    name,
    equations,
    output,
    sizes: {},
    constants: {},
    shapes: {},
    initial: {},
    ...others,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([key, shape]) => [key, { init: { init: 'ones' }, ...(shape && { shape }) }]),
    ),
  };
}

/** The mean over the steps. */
const pool: EquationModule = moduleOf('pool', 'y = mean_s(h[s])', 'y');

/** The squared distance. */
const squares: EquationModule = moduleOf('squares', 'loss = sum((y - target)^2)', 'loss');

/** A network of vectors of 2 with one layer of 3 units (none where `cell` is undefined) and targets of 3 values. */
export function networkOf(
  cell: EquationModule | undefined,
  { output = pool, loss = squares, ...parts }: Partial<NetworkDescription> = {},
): NetworkDescription {
  return {
    language: 1,
    input: { kind: 'vectors', size: 2 },
    layers: cell ? [{ module: cell, direction: 'forward', dropout: {} }] : [],
    output,
    loss,
    target: { kind: 'values', size: 3, per: 'sequence' },
    ...parts,
  };
}
