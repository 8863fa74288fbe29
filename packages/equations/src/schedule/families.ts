// Which parameters stand side by side in memory, so that products and gradients of several of them are one.
import type { ParameterInfo } from '@unrolled/core';
import { argumentsOf, type Graph, type Shape } from '../ir.ts';

/** Parameters of one module and shape, in the order they were declared: the gates' weights of a cell. */
export interface Family {
  readonly names: readonly string[];
  /** Of each. */
  readonly shape: Shape;
  /**
   * `columns`: tables whose columns alone are looked up (a matrix applied to one-hot vectors) are kept transposed and side by
   * side, so that a lookup of all of them reads one stretch of memory.
   */
  readonly layout: 'rows' | 'columns';
}

/** Where a parameter is. */
export interface Member {
  readonly family: number;
  readonly index: number;
}

/** Sorts parameters into families; `graph` is that of the forward pass, which tells how they are used. */
export function familiesOf(graph: Graph, parameters: readonly ParameterInfo[]): readonly Family[] {
  const tables = columnTables(graph);
  const families = new Map<string, { names: string[]; shape: Shape; layout: 'rows' | 'columns' }>();
  for (const { name, shape } of parameters) {
    const layout = tables.has(name) ? 'columns' : 'rows';
    const key = [name.slice(0, name.lastIndexOf('.')), shape.join(), layout].join(' ');
    const family = families.get(key) ?? { names: [], shape, layout };
    family.names.push(name);
    families.set(key, family);
  }
  return [...families.values()];
}

/** The place of each parameter by its name. */
export function membersOf(families: readonly Family[]): ReadonlyMap<string, Member> {
  return new Map(
    families.flatMap(({ names }, family) => names.map((name, index) => [name, { family, index }] as const)),
  );
}

/** Matrices that are looked up by column, once, and not used otherwise: their gradient is one scatter. */
function columnTables(graph: Graph): ReadonlySet<string> {
  const tables = new Set<string>();
  for (const value of graph.values) {
    if (value.op !== 'parameter' || value.shape.length !== 2) continue;
    const users = graph.values.filter((user) => argumentsOf(user).includes(value.id));
    const byColumn = users.every((user) => user.op === 'gather' && user.axis === 1 && user.args[0] === value.id);
    if (users.length === 1 && byColumn) tables.add(value.name);
  }
  return tables;
}
