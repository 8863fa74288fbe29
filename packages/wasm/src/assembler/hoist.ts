// Moves constant vectors out of loops: V8 since version 12 makes them anew wherever they stand, in several instructions.
import type { Body, Immediate, Instruction, Slot } from './instructions.ts';

/** A body whose loops have no constant vectors but 0, and the locals that hold them, set at its start. */
export interface Hoisted {
  readonly locals: readonly Slot[];
  readonly body: Body;
}

/** Replaces every constant vector of every loop by a local; `name` gives names for them. */
export function hoistConstants(body: Body, name: () => string): Hoisted {
  const constants = new Map<string, { readonly slot: Slot; readonly value: Instruction }>();
  const localFor = (value: Instruction, key: string): Instruction => {
    const known = constants.get(key) ?? { slot: { name: name(), type: 'v128' }, value };
    constants.set(key, known);
    return { op: 'local.get', operands: [], immediate: { kind: 'slot', slot: known.slot } };
  };
  const within = (parts: Body, loop: boolean): Body => {
    // Most trees hold no constant: they stay as they are.
    let changed: Instruction[] | undefined;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as Instruction;
      if (!part.constants && part.immediate.kind !== 'body') continue;
      const rest = rewritten(part, loop);
      if (rest === part) continue;
      changed ??= [...parts];
      changed[i] = rest;
    }
    return changed ?? parts;
  };
  const rewritten = (one: Instruction, loop: boolean): Instruction => {
    const key = loop && one.immediate.kind === 'lanes' ? keyOf(one.immediate) : undefined;
    if (key !== undefined) return localFor(one, key);
    const { op, immediate } = one;
    const operands = one.operands.length > 0 ? within(one.operands, loop) : one.operands;
    if (immediate.kind !== 'body') return operands === one.operands ? one : { op, operands, immediate };
    const inside = loop || op === 'loop';
    const otherwise = immediate.otherwise && within(immediate.otherwise, inside);
    const rest = otherwise && { otherwise };
    return { op, operands, immediate: { ...immediate, body: within(immediate.body, inside), ...rest } };
  };
  const rest = within(body, false);
  const found = [...constants.values()];
  const sets = found.map(({ slot, value }): Instruction => {
    return { op: 'local.set', operands: [value], immediate: { kind: 'slot', slot } };
  });
  return { locals: found.map(({ slot }) => slot), body: [...sets, ...rest] };
}

/** What tells a constant vector from others; undefined for 0, which is cheap to make. */
function keyOf(immediate: Immediate & { readonly kind: 'lanes' }): string | undefined {
  if (immediate.lanes.every((lane) => Object.is(lane, 0))) return undefined;
  return `${immediate.shape} ${immediate.lanes.map((lane) => (Object.is(lane, -0) ? '-0' : lane))}`;
}
