// The binary form of a module (WebAssembly Core Specification, chapter 5).

import { Bytes } from './bytes.ts';
import { assemblyError } from './errors.ts';
import type {
  Body,
  Callee,
  FunctionCode,
  Instruction,
  MemoryOptions,
  ModuleCode,
  Slot,
  Target,
  WasmType,
} from './instructions.ts';
import { naturalAlignment, opcodeOf } from './opcodes.ts';

const typeCodes: Readonly<Record<WasmType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const END = 0x0b;
const ELSE = 0x05;
/** The type of a block without a result. */
const NOTHING = 0x40;

/** Encodes a module. */
export function encodeModule(module: ModuleCode): Uint8Array<ArrayBuffer> {
  const out = new Bytes();
  out.raw(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const callees: readonly Callee[] = [...module.imports, ...module.functions];
  const types = new Types(callees);
  const indices = new Map(callees.map((callee, index) => [callee, index]));
  const { memory } = module;

  section(out, 1, types.distinct, (type, to) => to.raw(type));
  section(out, 2, importsOf(module, types), (write, to) => write(to));
  section(out, 3, module.functions, (one, to) => to.unsigned(types.of(one)));
  section(out, 5, memory && !memory.import ? [memory] : [], limits);
  section(out, 6, module.globals, (global, to) => {
    to.byte(typeCodes[global.type]);
    to.byte(1);
    new CodeWriter(to, indices, [], []).instruction(global.initial);
    to.byte(END);
  });
  section(out, 7, exportsOf(module, callees), (write, to) => write(to));
  section(out, 10, module.functions, (one, to) => to.sized(functionBytes(one, indices, module.globals)));
  return out.written;
}

type Write = (to: Bytes) => void;

function importsOf({ imports, memory }: ModuleCode, types: Types): Write[] {
  const functions = imports.map((one) => (to: Bytes) => {
    to.name(one.module);
    to.name(one.name);
    to.byte(0);
    to.unsigned(types.of(one));
  });
  if (!memory?.import) return functions;
  const { module, name } = memory.import;
  const memoryImport = (to: Bytes): void => {
    to.name(module);
    to.name(name);
    to.byte(2);
    limits(memory, to);
  };
  return [...functions, memoryImport];
}

function exportsOf({ exports, memory }: ModuleCode, callees: readonly Callee[]): Write[] {
  const write = (name: string, kind: number, index: number) => (to: Bytes) => {
    to.name(name);
    to.byte(kind);
    to.unsigned(index);
  };
  const functions = exports.map(([name, callee]) => write(name, 0, callees.indexOf(callee)));
  return memory?.export === undefined ? functions : [...functions, write(memory.export, 2, 0)];
}

function limits({ minimum, maximum, shared }: MemoryOptions, to: Bytes): void {
  to.byte((maximum === undefined ? 0 : 1) | (shared ? 2 : 0));
  to.unsigned(minimum);
  if (maximum !== undefined) to.unsigned(maximum);
}

function section<T>(out: Bytes, id: number, items: readonly T[], write: (item: T, to: Bytes) => void): void {
  if (items.length === 0) return;
  const body = new Bytes();
  body.unsigned(items.length);
  for (const item of items) write(item, body);
  out.byte(id);
  out.sized(body.written);
}

/** The types of functions, each written once. */
class Types {
  readonly distinct: Uint8Array[] = [];
  readonly #indices = new Map<string, number>();

  constructor(callees: readonly Callee[]) {
    for (const callee of callees) {
      if (this.#indices.has(key(callee))) continue;
      this.#indices.set(key(callee), this.distinct.length);
      this.distinct.push(functionType(callee));
    }
  }

  of(callee: Callee): number {
    return this.#indices.get(key(callee)) as number;
  }
}

function key({ parameters, result }: Callee): string {
  return `${parameters.map(({ type }) => type)}:${result}`;
}

function functionType({ parameters, result }: Callee): Uint8Array {
  const to = new Bytes();
  to.byte(0x60);
  to.sized(Uint8Array.from(parameters, ({ type }) => typeCodes[type]));
  to.sized(Uint8Array.from(result ? [typeCodes[result]] : []));
  return to.written;
}

/** What functions are called by. */
type Indices = ReadonlyMap<Callee, number>;

function functionBytes(one: FunctionCode, callees: Indices, globals: readonly Slot[]): Uint8Array {
  const to = new Bytes();
  const runs = runsOf(one.locals.slice(one.parameters.length));
  to.unsigned(runs.length);
  for (const { type, count } of runs) {
    to.unsigned(count);
    to.byte(typeCodes[type]);
  }
  new CodeWriter(to, callees, globals, one.locals).body(one.body);
  to.byte(END);
  return to.written;
}

/** Neighbours of one type, counted. */
function runsOf(locals: readonly Slot[]): { type: WasmType; count: number }[] {
  const runs: { type: WasmType; count: number }[] = [];
  for (const { type } of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count += 1;
    else runs.push({ type, count: 1 });
  }
  return runs;
}

/** Writes instructions after their operands, with names turned into numbers. */
class CodeWriter {
  readonly #to: Bytes;
  readonly #callees: Indices;
  readonly #slots: Map<Slot, number>;
  readonly #targets: Target[] = [];

  constructor(to: Bytes, callees: Indices, globals: readonly Slot[], locals: readonly Slot[]) {
    this.#to = to;
    this.#callees = callees;
    this.#slots = new Map([...globals.entries(), ...locals.entries()].map(([index, slot]) => [slot, index]));
  }

  body(body: Body): void {
    for (let i = 0; i < body.length; i++) this.instruction(body[i] as Instruction);
  }

  instruction({ op, operands, immediate }: Instruction): void {
    if (operands.length > 0) this.body(operands);
    const to = this.#to;
    const { prefix, code } = opcodeOf(op);
    if (prefix === undefined) to.byte(code);
    else {
      to.byte(prefix);
      to.unsigned(code);
    }
    switch (immediate.kind) {
      case 'number':
        if (op === 'f32.const') to.float32(immediate.value as number);
        else if (op === 'f64.const') to.float64(immediate.value as number);
        else to.signed(immediate.value);
        break;
      case 'lanes':
        for (const lane of immediate.lanes) {
          if (immediate.shape === 'f32x4') to.float32(lane);
          else if (immediate.shape === 'f64x2') to.float64(lane);
          else to.int32(lane);
        }
        break;
      case 'shuffle':
        for (const lane of immediate.lanes) to.byte(lane);
        break;
      case 'slot':
        to.unsigned(this.#found(this.#slots, immediate.slot));
        break;
      case 'memory':
        to.unsigned(naturalAlignment(op));
        to.unsigned(immediate.offset);
        if (immediate.lane !== undefined) to.byte(immediate.lane);
        break;
      case 'lane':
        to.byte(immediate.lane);
        break;
      case 'call':
        to.unsigned(this.#found(this.#callees, immediate.callee));
        break;
      case 'target':
        to.unsigned(this.#depth(immediate.target));
        break;
      case 'body':
        to.byte(NOTHING);
        this.#targets.push(immediate.target);
        this.body(immediate.body);
        if (immediate.otherwise) {
          to.byte(ELSE);
          this.body(immediate.otherwise);
        }
        this.#targets.pop();
        to.byte(END);
        break;
      case 'none':
        this.#reserved(op);
    }
  }

  /** Bytes that stand for the one memory there is. */
  #reserved(op: string): void {
    if (op === 'memory.copy') this.#to.byte(0);
    if (op === 'memory.copy' || op === 'memory.fill' || op === 'atomic.fence') this.#to.byte(0);
  }

  #found<T extends { readonly name: string }>(among: ReadonlyMap<T, number>, one: T): number {
    const index = among.get(one);
    if (index === undefined)
      throw assemblyError(
        'ASSEMBLY_FOREIGN_NAME',
        `${one.name} belongs to another function or module.`,
        'Pass it as an argument, or import it.',
      );
    return index;
  }

  #depth(target: Target): number {
    const at = this.#targets.lastIndexOf(target);
    if (at < 0)
      throw assemblyError(
        'ASSEMBLY_JUMP_FROM_OUTSIDE',
        `A jump to ${target.name} from outside of it.`,
        'A label serves inside its own block or loop.',
      );
    return this.#targets.length - 1 - at;
  }
}
