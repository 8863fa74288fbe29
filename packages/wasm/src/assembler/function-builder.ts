// Writes the body of one function: locals, control flow, stores.
import { assemblyError, checkName } from './errors.ts';
import { hoistConstants } from './hoist.ts';
import type { FunctionCode, Immediate, Instruction, Slot, Target, WasmType } from './instructions.ts';
import { classOf, type F32x4, I32, I64, instruction, take, toI32, type Value, type ValueClass } from './values.ts';

declare const variable: unique symbol;

/** A value that can be set: a local or a global. It may be used any number of times. */
export type Variable<V extends Value> = V & { readonly [variable]: true };

/** A place that code can jump to. */
export interface Label {
  /** Jumps there. */
  go(): void;
  /** Jumps there where `condition` is not 0. */
  goIf(condition: I32): void;
}

const none: Immediate = { kind: 'none' };

/** Reads a slot as a value of the class. */
export function variableOf<V extends Value>(
  of: ValueClass<V>,
  op: 'local.get' | 'global.get',
  slot: Slot,
): Variable<V> {
  return new of({ op, operands: [], immediate: { kind: 'slot', slot } }) as Variable<V>;
}

/** Builds one function; statements are added in the order of the calls. */
export class FunctionBuilder {
  readonly #locals: Slot[] = [];
  readonly #names = new Map<string, number>();
  #body: Instruction[] = [];

  /** A new local of the class, 0 at the start of the function. A name that is taken gets a number. */
  local<V extends Value>(name: string, of: ValueClass<V>): Variable<V> {
    const slot = { name: this.#unique(name), type: of.wasm };
    this.#locals.push(slot);
    return variableOf(of, 'local.get', slot);
  }

  /** A new local with the value, computed here. */
  let<V extends Value>(name: string, value: V): Variable<V> {
    const made = this.local(name, classOf(value));
    this.set(made, value);
    return made;
  }

  /** Gives a local or a global a new value. */
  set<V extends Value>(target: Variable<V>, value: V): void {
    if (target.code.immediate.kind !== 'slot')
      throw assemblyError(
        'ASSEMBLY_NOT_VARIABLE',
        `The value of ${target.code.op} is set.`,
        'Only a local or a global can be.',
      );
    const op = target.code.op === 'local.get' ? 'local.set' : 'global.set';
    this.#add(instruction(op, [value.code], target.code.immediate));
  }

  /** Writes a value to memory. */
  store(address: I32, value: Value, offset = 0): void {
    this.#add(instruction(`${wasmOf(value)}.store`, [address.code, value.code], { kind: 'memory', offset }));
  }

  /** Writes one lane of four. */
  storeLane(address: I32, value: F32x4, lane: number, offset = 0): void {
    const memory: Immediate = { kind: 'memory', offset, lane };
    this.#add(instruction('v128.store32_lane', [address.code, value.code], memory));
  }

  /** Writes lanes 0 and 1, or 2 and 3 (`pair` 1). */
  storePair(address: I32, value: F32x4, pair: 0 | 1, offset = 0): void {
    const memory: Immediate = { kind: 'memory', offset, lane: pair };
    this.#add(instruction('v128.store64_lane', [address.code, value.code], memory));
  }

  /** Writes in one step that other threads see whole and in order. */
  atomicStore(address: I32, value: I32 | number, offset = 0): void {
    this.#add(instruction('i32.atomic.store', [address.code, toI32(value).code], { kind: 'memory', offset }));
  }

  /**
   * Sleeps while `expected` stands at the address, until notified. In the new local is 0 when woken, 1 when another value
   * stood there, 2 after that many nanoseconds; below 0 they never end. A statement of its own, since V8 of Node 20 loses
   * what an expression holds while it waits (its first compiler, Liftoff).
   */
  atomicWait(address: I32, expected: I32 | number, nanoseconds = -1, offset = 0): Variable<I32> {
    const operands = [address.code, toI32(expected).code, I64.const(nanoseconds).code];
    const memory: Immediate = { kind: 'memory', offset };
    return this.let('woken', new I32(instruction('memory.atomic.wait32', operands, memory)));
  }

  /** Wakes at most `count` threads that wait at the address; how many it woke is in the new local. */
  atomicNotify(address: I32, count: I32 | number, offset = 0): Variable<I32> {
    const memory: Immediate = { kind: 'memory', offset };
    return this.let(
      'notified',
      new I32(instruction('memory.atomic.notify', [address.code, toI32(count).code], memory)),
    );
  }

  /** Makes what was written before it seen before what is written after it. */
  fence(): void {
    this.#add({ op: 'atomic.fence', operands: [], immediate: none });
  }

  /** Sets `bytes` bytes from `address` on to `byte`. */
  fill(address: I32, byte: I32 | number, bytes: I32 | number): void {
    this.#add(instruction('memory.fill', [address.code, toI32(byte).code, toI32(bytes).code]));
  }

  /** Copies `bytes` bytes; the places may overlap. */
  copy(to: I32, from: I32, bytes: I32 | number): void {
    this.#add(instruction('memory.copy', [to.code, from.code, toI32(bytes).code]));
  }

  /** Calls for the effect; a result is dropped. */
  run(call: Value | Call): void {
    if (call instanceof Call) this.#add(take(call.code));
    else this.#add(instruction('drop', [call.code]));
  }

  /** Leaves the function, with the value where it has a result. */
  return(value?: Value): void {
    this.#add(instruction('return', value ? [value.code] : []));
  }

  /** Where execution must not come; it traps. */
  unreachable(): void {
    this.#add(instruction('unreachable', []));
  }

  /** `then` where the condition is not 0, else `otherwise`. */
  if(condition: I32, then: () => void, otherwise?: () => void): void {
    const target = { name: this.#unique('if') };
    const body = this.#inside(then);
    const rest = otherwise && this.#inside(otherwise);
    const immediate: Immediate = { kind: 'body', target, body, ...(rest && { otherwise: rest }) };
    this.#add(instruction('if', [condition.code], immediate));
  }

  /** Statements that `exit` leaves. */
  block(name: string, body: (exit: Label) => void): void {
    this.#scope('block', name, body);
  }

  /** Statements that `again` starts over; without it they run once. */
  loop(name: string, body: (again: Label) => void): void {
    this.#scope('loop', name, body);
  }

  /** Runs the body while the condition, written anew by `condition`, is not 0. */
  while(condition: () => I32, body: () => void): void {
    this.if(condition(), () => {
      this.loop('while', (again) => {
        body();
        again.goIf(condition());
      });
    });
  }

  /**
   * Counts a new local from `from` by `step` while it is below `to` (unsigned). `to` is computed once.
   */
  for(name: string, from: I32 | number, to: I32 | number, step: number, body: (index: Variable<I32>) => void): void {
    const index = this.let(name, toI32(from));
    const end = typeof to === 'number' ? to : this.let(`${name}_end`, to);
    this.while(
      () => index.ltU(end),
      () => {
        body(index);
        this.set(index, index.add(step));
      },
    );
  }

  /**
   * Writes bodies that don't depend on each other, a statement of each in turn: operations of one are ready while those of
   * another wait. V8 since version 13 keeps the order of the code.
   */
  interleave(bodies: readonly (() => void)[]): void {
    const parts = bodies.map((body) => this.#inside(body));
    const longest = Math.max(0, ...parts.map(({ length }) => length));
    for (let i = 0; i < longest; i++) for (const part of parts) this.#body.push(...part.slice(i, i + 1));
  }

  /** What was built. `locals` of the code begins with the parameters. */
  finish(name: string, parameters: readonly Slot[], result: Value | undefined): FunctionCode {
    if (result) this.#add(take(result.code));
    const { locals: constants, body } = hoistConstants(this.#body, () => this.#unique('constant'));
    const locals = [...parameters, ...this.#locals, ...constants];
    return { name, parameters, result: result && wasmOf(result), locals, body };
  }

  /** Keeps locals from taking the name. */
  reserve(name: string): void {
    this.#unique(name);
  }

  #add(statement: Instruction): void {
    this.#body.push(statement);
  }

  #unique(name: string): string {
    let uses = this.#names.get(name);
    if (uses === undefined) {
      checkName(name);
      this.#names.set(name, 1);
      return name;
    }
    let numbered: string;
    do numbered = `${name}_${++uses}`;
    while (this.#names.has(numbered));
    this.#names.set(name, uses);
    this.#names.set(numbered, 1);
    return numbered;
  }

  #inside(write: () => void): Instruction[] {
    const outer = this.#body;
    this.#body = [];
    try {
      write();
      return this.#body;
    } finally {
      this.#body = outer;
    }
  }

  #scope(op: 'block' | 'loop', name: string, write: (label: Label) => void): void {
    const target = { name: this.#unique(name) };
    const body = this.#inside(() => write(this.#label(target)));
    this.#add({ op, operands: [], immediate: { kind: 'body', target, body } });
  }

  #label(target: Target): Label {
    const immediate: Immediate = { kind: 'target', target };
    return {
      go: () => this.#add({ op: 'br', operands: [], immediate }),
      goIf: (condition) => this.#add(instruction('br_if', [condition.code], immediate)),
    };
  }
}

/** A call of a function without a result: a statement for `f.run`. */
export class Call {
  /** The call itself. */
  readonly code: Instruction;

  constructor(code: Instruction) {
    this.code = code;
  }
}

function wasmOf(value: Value): WasmType {
  return classOf(value).wasm;
}
