// Which parameters stand side by side in memory, so that products and gradients of several of them are one.
import type { ParameterInfo } from '@unrolled/core';
import { batchInputs } from '../batch-inputs.ts';
import { argumentsOf, type Graph, type Shape } from '../ir.ts';

/** Parameters of one module, shape and use, in the order they were declared: the gates' recurrent weights of a cell. */
export interface Family {
  /** In order; their members' numbers lie one after the other. */
  readonly names: readonly string[];
  /** Of each. */
  readonly shape: Shape;
  /**
   * `columns`: tables whose columns alone are looked up (a matrix applied to one-hot vectors) are kept transposed and side by
   * side, so that a lookup of all of them reads one stretch of memory.
   */
  readonly layout: 'rows' | 'columns';
  /** Whether they are tables that are looked up by the input, once each, and not used otherwise: few rows have a gradient. */
  readonly lookedUp: boolean;
}

/** Where a parameter is. */
export interface Member {
  /** Number of its family. */
  readonly family: number;
  /** Its place among the names. */
  readonly index: number;
}

/**
 * Sorts parameters into families, those that are looked up last; `graph` is that of the forward pass, which tells how they
 * are used.
 */
export function familiesOf(graph: Graph, parameters: readonly ParameterInfo[]): readonly Family[] {
  const tables = lookups(graph);
  const uses = usesOf(graph);
  const families = new Map<string, Family & { readonly names: string[] }>();
  for (const { name, shape } of parameters) {
    const axis = tables.get(name);
    const [layout, lookedUp] = [axis === 1 ? 'columns' : 'rows', axis !== undefined] as const;
    const key = [name.slice(0, name.lastIndexOf('.')), shape.join(), layout, lookedUp, uses.get(name)].join(' ');
    const family = families.get(key) ?? { names: [], shape, layout, lookedUp };
    family.names.push(name);
    families.set(key, family);
  }
  return [...families.values()].sort((a, b) => Number(a.lookedUp) - Number(b.lookedUp));
}

/**
 * What each parameter is put to: what it is multiplied with, so that weights of the input and of the state stay apart
 * where they have the same shape; what it is added to differs from gate to gate and doesn't count.
 */
function usesOf({ values }: Graph): ReadonlyMap<string, string> {
  const uses = new Map<number, string[]>();
  for (const { id, op } of values) if (op === 'parameter') uses.set(id, []);
  for (const user of values) {
    const args = argumentsOf(user);
    for (const id of new Set(args)) {
      const others = user.op === 'add' ? [] : args.filter((other) => other !== id);
      uses.get(id)?.push([user.op, ...others].join(' '));
    }
  }
  return new Map(
    values.flatMap((value) => (value.op === 'parameter' ? [[value.name, (uses.get(value.id) ?? []).join()]] : [])),
  );
}

/** The place of each parameter by its name. */
export function membersOf(families: readonly Family[]): ReadonlyMap<string, Member> {
  return new Map(
    families.flatMap(({ names }, family) => names.map((name, index) => [name, { family, index }] as const)),
  );
}

/** Matrices that are looked up by the input's class, once, and not used otherwise, by the axis: their gradient is one scatter. */
function lookups(graph: Graph): ReadonlyMap<string, 0 | 1> {
  const tables = new Map<string, 0 | 1>();
  for (const value of graph.values) {
    if (value.op !== 'parameter' || value.shape.length !== 2) continue;
    const users = graph.values.filter((user) => argumentsOf(user).includes(value.id));
    const [only] = users;
    if (users.length !== 1 || only?.op !== 'gather' || only.args[0] !== value.id) continue;
    const ids = graph.values[only.args[1] as number];
    if (ids?.op === 'input' && ids.name === batchInputs.x && ids.over.includes('time'))
      tables.set(value.name, only.axis);
  }
  return tables;
}
