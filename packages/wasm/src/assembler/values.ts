// Typed expressions: what a kernel computes with. Each method makes an instruction; nothing is computed here.
import { assemblyError } from './errors.ts';
import type { Immediate, Instruction, WasmType } from './instructions.ts';

const none: Immediate = { kind: 'none' };

/** An instruction may be used once, unless it costs nothing and changes nothing. */
function isRepeatable({ op, immediate: { kind } }: Instruction): boolean {
  return kind === 'slot' ? op === 'local.get' || op === 'global.get' : kind === 'number' || kind === 'lanes';
}

/**
 * Marks that an instruction has found its place.
 * @throws UnrolledError `ASSEMBLY_VALUE_USED_TWICE` where it had one: its work would be done twice. `let` keeps a value that is used more than once.
 */
export function take(instruction: Instruction): Instruction {
  if (isRepeatable(instruction)) return instruction;
  if (instruction.taken)
    throw assemblyError(
      'ASSEMBLY_VALUE_USED_TWICE',
      `The value of this ${instruction.op} is used twice.`,
      "Keep it in a local: f.let('name', value).",
    );
  instruction.taken = true;
  return instruction;
}

/** Names of instructions by prefix and operation: texts that are put together anew are slow to look up. */
const names = new Map<string, Map<string, string>>();

function nameOf(prefix: string, op: string): string {
  let ops = names.get(prefix);
  if (!ops) {
    ops = new Map();
    names.set(prefix, ops);
  }
  let name = ops.get(op);
  if (name === undefined) {
    name = `${prefix}.${op}`;
    ops.set(op, name);
  }
  return name;
}

/** An instruction of these operands. */
export function instruction(op: string, operands: readonly Instruction[], immediate: Immediate = none): Instruction {
  let constants = immediate.kind === 'lanes';
  // Counted, since this runs for every instruction, before an engine has compiled it.
  for (let i = 0; i < operands.length; i++) if (take(operands[i] as Instruction).constants) constants = true;
  return { op, operands, immediate, taken: false, constants };
}

/** A class of values, which stands for its type in signatures: `{ x: F32x4, count: I32 }`. */
export interface ValueClass<V extends Value> {
  new (code: Instruction): V;
  /** The type that WebAssembly knows it by. */
  readonly wasm: WasmType;
}

/** Anything that an instruction computes. An expression is evaluated where it is used, not where it is written. */
export abstract class Value {
  /** What computes it. */
  readonly code: Instruction;

  constructor(code: Instruction) {
    this.code = code;
  }
}

/** The class of a value. */
export function classOf<V extends Value>(value: V): ValueClass<V> {
  return value.constructor as ValueClass<V>;
}

/** What all numbers can do; `name` is the prefix of their instructions. */
abstract class Numeric<Self extends Numeric<Self, Truth>, Truth extends Value> extends Value {
  /** Prefix of its instructions. */
  protected abstract get name(): string;
  /** A constant of this type. */
  protected abstract constant(value: number): Self;
  /** A comparison as a truth value of this type. */
  protected abstract truth(code: Instruction): Truth;

  /** The instruction `name.op` of this and another operand, if there is one. */
  protected op(op: string, other?: Self | number): Instruction {
    const name = nameOf(this.name, op);
    if (other === undefined) return instruction(name, [this.code]);
    return instruction(name, [this.code, (typeof other === 'number' ? this.constant(other) : other).code]);
  }

  /** Another value of this type. */
  protected self(op: string, other?: Self | number): Self {
    return new (this.constructor as ValueClass<Self>)(this.op(op, other));
  }

  /** a + b */
  add(other: Self | number): Self {
    return this.self('add', other);
  }
  /** a − b */
  sub(other: Self | number): Self {
    return this.self('sub', other);
  }
  /** a · b */
  mul(other: Self | number): Self {
    return this.self('mul', other);
  }
  /** a = b */
  eq(other: Self | number): Truth {
    return this.truth(this.op('eq', other));
  }
  /** a ≠ b */
  ne(other: Self | number): Truth {
    return this.truth(this.op('ne', other));
  }
}

/** Floating-point numbers. `min` and `max` give NaN where either is; −0 is below +0. */
abstract class Floating<Self extends Floating<Self, Truth>, Truth extends Value> extends Numeric<Self, Truth> {
  /** a ÷ b */
  div(other: Self | number): Self {
    return this.self('div', other);
  }
  /** The smaller; NaN if one is. */
  min(other: Self | number): Self {
    return this.self('min', other);
  }
  /** The larger; NaN if one is. */
  max(other: Self | number): Self {
    return this.self('max', other);
  }
  /** |a| */
  abs(): Self {
    return this.self('abs');
  }
  /** −a */
  neg(): Self {
    return this.self('neg');
  }
  /** √a */
  sqrt(): Self {
    return this.self('sqrt');
  }
  /** Rounded up. */
  ceil(): Self {
    return this.self('ceil');
  }
  /** Rounded down. */
  floor(): Self {
    return this.self('floor');
  }
  /** Rounded towards 0. */
  trunc(): Self {
    return this.self('trunc');
  }
  /** To the nearest whole number, ties to even. */
  nearest(): Self {
    return this.self('nearest');
  }
  /** a < b */
  lt(other: Self | number): Truth {
    return this.truth(this.op('lt', other));
  }
  /** a > b */
  gt(other: Self | number): Truth {
    return this.truth(this.op('gt', other));
  }
  /** a ≤ b */
  le(other: Self | number): Truth {
    return this.truth(this.op('le', other));
  }
  /** a ≥ b */
  ge(other: Self | number): Truth {
    return this.truth(this.op('ge', other));
  }
}

/** Whole numbers of 32 or 64 bits, wrapping. `S` reads both operands as signed, `U` as unsigned. */
abstract class Integer<Self extends Integer<Self>> extends Numeric<Self, I32> {
  /** A comparison as a truth value of this type. */
  protected truth(code: Instruction): I32 {
    return new I32(code);
  }
  /** a ÷ b, signed. */
  divS(other: Self | number): Self {
    return this.self('div_s', other);
  }
  /** a ÷ b, unsigned. */
  divU(other: Self | number): Self {
    return this.self('div_u', other);
  }
  /** The remainder of a ÷ b, signed. */
  remS(other: Self | number): Self {
    return this.self('rem_s', other);
  }
  /** The remainder of a ÷ b, unsigned. */
  remU(other: Self | number): Self {
    return this.self('rem_u', other);
  }
  /** Bits of both. */
  and(other: Self | number): Self {
    return this.self('and', other);
  }
  /** Bits of either. */
  or(other: Self | number): Self {
    return this.self('or', other);
  }
  /** Bits of one alone. */
  xor(other: Self | number): Self {
    return this.self('xor', other);
  }
  /** Shifted left. */
  shl(bits: Self | number): Self {
    return this.self('shl', bits);
  }
  /** Shifted right, with the sign. */
  shrS(bits: Self | number): Self {
    return this.self('shr_s', bits);
  }
  /** Shifted right, with zeros. */
  shrU(bits: Self | number): Self {
    return this.self('shr_u', bits);
  }
  /** a = 0 */
  eqz(): I32 {
    return this.truth(this.op('eqz'));
  }
  /** a < b, signed. */
  ltS(other: Self | number): I32 {
    return this.truth(this.op('lt_s', other));
  }
  /** a < b, unsigned. */
  ltU(other: Self | number): I32 {
    return this.truth(this.op('lt_u', other));
  }
  /** a > b, signed. */
  gtS(other: Self | number): I32 {
    return this.truth(this.op('gt_s', other));
  }
  /** a > b, unsigned. */
  gtU(other: Self | number): I32 {
    return this.truth(this.op('gt_u', other));
  }
  /** a ≤ b, signed. */
  leS(other: Self | number): I32 {
    return this.truth(this.op('le_s', other));
  }
  /** a ≤ b, unsigned. */
  leU(other: Self | number): I32 {
    return this.truth(this.op('le_u', other));
  }
  /** a ≥ b, signed. */
  geS(other: Self | number): I32 {
    return this.truth(this.op('ge_s', other));
  }
  /** a ≥ b, unsigned. */
  geU(other: Self | number): I32 {
    return this.truth(this.op('ge_u', other));
  }
}

/** A whole number of 32 bits: a count, an address in bytes, a truth value (0 or not). */
export class I32 extends Integer<I32> {
  /** Its type in WebAssembly. */
  static readonly wasm = 'i32';
  /** Its type here. */
  declare readonly type: 'i32';
  /** Prefix of its instructions. */
  protected get name(): string {
    return 'i32';
  }

  /** A constant. */
  static const(value: number): I32 {
    return new I32(instruction('i32.const', [], { kind: 'number', value: value | 0 }));
  }
  /** The value at an address. */
  static load(address: I32, offset = 0): I32 {
    return new I32(load('i32.load', address, offset));
  }
  /** One byte, 0 to 255. */
  static loadByte(address: I32, offset = 0): I32 {
    return new I32(load('i32.load8_u', address, offset));
  }
  /** Reads as one step that other threads see whole and in order; the address is a multiple of 4. */
  static atomicLoad(address: I32, offset = 0): I32 {
    return new I32(load('i32.atomic.load', address, offset));
  }
  /** Adds in one step and gives what was there before. */
  static atomicAdd(address: I32, value: I32 | number, offset = 0): I32 {
    return new I32(atomic('i32.atomic.rmw.add', offset, address, toI32(value)));
  }
  /** Swaps in one step and gives what was there before. */
  static atomicExchange(address: I32, value: I32 | number, offset = 0): I32 {
    return new I32(atomic('i32.atomic.rmw.xchg', offset, address, toI32(value)));
  }
  /** Writes `value` where `expected` stands, in one step; gives what was there before. */
  static atomicCompareExchange(address: I32, expected: I32 | number, value: I32 | number, offset = 0): I32 {
    return new I32(atomic('i32.atomic.rmw.cmpxchg', offset, address, toI32(expected), toI32(value)));
  }
  /** `whenTrue` where this is not 0, else `whenFalse`; both are computed. */
  select<V extends Value>(whenTrue: V, whenFalse: V): V {
    return new (classOf(whenTrue))(instruction('select', [whenTrue.code, whenFalse.code, this.code]));
  }
  /** As a signed number, rounded. */
  toF32(): F32 {
    return new F32(instruction('f32.convert_i32_s', [this.code]));
  }
  /** As a signed number. */
  toF64(): F64 {
    return new F64(instruction('f64.convert_i32_s', [this.code]));
  }
  /** As an unsigned number. */
  toI64U(): I64 {
    return new I64(instruction('i64.extend_i32_u', [this.code]));
  }
  /** This in each of four lanes. */
  splat(): I32x4 {
    return new I32x4(instruction('i32x4.splat', [this.code]));
  }
  /** The same bits as a float32. */
  asF32(): F32 {
    return new F32(instruction('f32.reinterpret_i32', [this.code]));
  }
  /** A constant of this type. */
  protected constant(value: number): I32 {
    return I32.const(value);
  }
}

/** A whole number of 64 bits. */
export class I64 extends Integer<I64> {
  /** Its type in WebAssembly. */
  static readonly wasm = 'i64';
  /** Its type here. */
  declare readonly type: 'i64';
  /** Prefix of its instructions. */
  protected get name(): string {
    return 'i64';
  }

  /** A constant. */
  static const(value: number | bigint): I64 {
    return new I64(instruction('i64.const', [], { kind: 'number', value: BigInt.asIntN(64, BigInt(value)) }));
  }
  /** The value at an address. */
  static load(address: I32, offset = 0): I64 {
    return new I64(load('i64.load', address, offset));
  }
  /** The lower 32 bits. */
  toI32(): I32 {
    return new I32(instruction('i32.wrap_i64', [this.code]));
  }
  /** As a signed number, rounded. */
  toF64(): F64 {
    return new F64(instruction('f64.convert_i64_s', [this.code]));
  }
  /** A constant of this type. */
  protected constant(value: number): I64 {
    return I64.const(value);
  }
}

/** A float32. */
export class F32 extends Floating<F32, I32> {
  /** Its type in WebAssembly. */
  static readonly wasm = 'f32';
  /** Its type here. */
  declare readonly type: 'f32';
  /** Prefix of its instructions. */
  protected get name(): string {
    return 'f32';
  }

  /** A constant. */
  static const(value: number): F32 {
    return new F32(instruction('f32.const', [], { kind: 'number', value: Math.fround(value) }));
  }
  /** The value at an address. */
  static load(address: I32, offset = 0): F32 {
    return new F32(load('f32.load', address, offset));
  }
  /** As a float64. */
  toF64(): F64 {
    return new F64(instruction('f64.promote_f32', [this.code]));
  }
  /** Its bits. */
  asI32(): I32 {
    return new I32(instruction('i32.reinterpret_f32', [this.code]));
  }
  /** Truncated to a signed number; what is out of range goes to the nearest end, NaN to 0. */
  toI32(): I32 {
    return new I32(instruction('i32.trunc_sat_f32_s', [this.code]));
  }
  /** This in each of four lanes. */
  splat(): F32x4 {
    return new F32x4(instruction('f32x4.splat', [this.code]));
  }
  /** A constant of this type. */
  protected constant(value: number): F32 {
    return F32.const(value);
  }
  /** A comparison as a truth value of this type. */
  protected truth(code: Instruction): I32 {
    return new I32(code);
  }
}

/** A float64. */
export class F64 extends Floating<F64, I32> {
  /** Its type in WebAssembly. */
  static readonly wasm = 'f64';
  /** Its type here. */
  declare readonly type: 'f64';
  /** Prefix of its instructions. */
  protected get name(): string {
    return 'f64';
  }

  /** A constant. */
  static const(value: number): F64 {
    return new F64(instruction('f64.const', [], { kind: 'number', value }));
  }
  /** The value at an address. */
  static load(address: I32, offset = 0): F64 {
    return new F64(load('f64.load', address, offset));
  }
  /** Rounded to float32. */
  toF32(): F32 {
    return new F32(instruction('f32.demote_f64', [this.code]));
  }
  /** This in both lanes. */
  splat(): F64x2 {
    return new F64x2(instruction('f64x2.splat', [this.code]));
  }
  /** A constant of this type. */
  protected constant(value: number): F64 {
    return F64.const(value);
  }
  /** A comparison as a truth value of this type. */
  protected truth(code: Instruction): I32 {
    return new I32(code);
  }
}

/** Four float32 lanes. A number as an operand stands in every lane. */
export class F32x4 extends Floating<F32x4, I32x4> {
  /** Its type in WebAssembly. */
  static readonly wasm = 'v128';
  /** Its type here. */
  declare readonly type: 'f32x4';
  /** Prefix of its instructions. */
  protected get name(): string {
    return 'f32x4';
  }

  /** A constant. */
  static const(value: number): F32x4 {
    const lanes = new Array<number>(4).fill(Math.fround(value));
    return new F32x4(instruction('v128.const', [], { kind: 'lanes', shape: 'f32x4', lanes }));
  }
  /** The value at an address. */
  static load(address: I32, offset = 0): F32x4 {
    return new F32x4(load('v128.load', address, offset));
  }
  /** One float32 of memory in each lane. */
  static loadSplat(address: I32, offset = 0): F32x4 {
    return new F32x4(load('v128.load32_splat', address, offset));
  }
  /** One float32 of memory in lane 0, 0 in the others. */
  static loadOne(address: I32, offset = 0): F32x4 {
    return new F32x4(load('v128.load32_zero', address, offset));
  }
  /** Two float32 of memory in lanes 0 and 1, 0 in the others. */
  static loadTwo(address: I32, offset = 0): F32x4 {
    return new F32x4(load('v128.load64_zero', address, offset));
  }
  /** This with one lane read from memory. */
  withLoaded(lane: number, address: I32, offset = 0): F32x4 {
    return new F32x4(instruction('v128.load32_lane', [address.code, this.code], { kind: 'memory', offset, lane }));
  }
  /** `other < this ? other : this`: one machine instruction, and this where either is NaN. */
  pmin(other: F32x4 | number): F32x4 {
    return this.self('pmin', other);
  }
  /** `this < other ? other : this`: one machine instruction, and this where either is NaN. */
  pmax(other: F32x4 | number): F32x4 {
    return this.self('pmax', other);
  }
  /** this · factor + addend, rounded once or twice as the machine likes: needs relaxed SIMD and differs between machines. */
  relaxedMultiplyAdd(factor: F32x4, addend: F32x4): F32x4 {
    return new F32x4(instruction('f32x4.relaxed_madd', [this.code, factor.code, addend.code]));
  }
  /** A lane, 0 to 3. */
  lane(lane: number): F32 {
    return new F32(instruction('f32x4.extract_lane', [this.code], { kind: 'lane', lane }));
  }
  /** This with another value in one lane. */
  withLane(lane: number, value: F32): F32x4 {
    return new F32x4(instruction('f32x4.replace_lane', [this.code, value.code], { kind: 'lane', lane }));
  }
  /** Lanes picked from this (0 to 3) and from `other` (4 to 7). */
  shuffle(other: F32x4, ...lanes: readonly [number, number, number, number]): F32x4 {
    const bytes = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
    return new F32x4(instruction('i8x16.shuffle', [this.code, other.code], { kind: 'shuffle', lanes: bytes }));
  }
  /** The bits of each lane. */
  bits(): I32x4 {
    return new I32x4(this.code);
  }
  /** Lanes 0 and 1 as float64. */
  promoteLow(): F64x2 {
    return new F64x2(instruction('f64x2.promote_low_f32x4', [this.code]));
  }
  /** A constant of this type. */
  protected constant(value: number): F32x4 {
    return F32x4.const(value);
  }
  /** A comparison as a truth value of this type. */
  protected truth(code: Instruction): I32x4 {
    return new I32x4(code);
  }
}

/** Two float64 lanes. A number as an operand stands in both. */
export class F64x2 extends Floating<F64x2, I32x4> {
  /** Its type in WebAssembly. */
  static readonly wasm = 'v128';
  /** Its type here. */
  declare readonly type: 'f64x2';
  /** Prefix of its instructions. */
  protected get name(): string {
    return 'f64x2';
  }

  /** A constant. */
  static const(value: number): F64x2 {
    return new F64x2(instruction('v128.const', [], { kind: 'lanes', shape: 'f64x2', lanes: [value, value] }));
  }
  /** The value at an address. */
  static load(address: I32, offset = 0): F64x2 {
    return new F64x2(load('v128.load', address, offset));
  }
  /** Lane 0 or 1. */
  lane(lane: number): F64 {
    return new F64(instruction('f64x2.extract_lane', [this.code], { kind: 'lane', lane }));
  }
  /** Rounded to float32 in lanes 0 and 1; 0 in the others. */
  demote(): F32x4 {
    return new F32x4(instruction('f32x4.demote_f64x2_zero', [this.code]));
  }
  /** The bits, lower half of each lane first. */
  bits(): I32x4 {
    return new I32x4(this.code);
  }
  /** A constant of this type. */
  protected constant(value: number): F64x2 {
    return F64x2.const(value);
  }
  /** A comparison as a truth value of this type. */
  protected truth(code: Instruction): I32x4 {
    return new I32x4(code);
  }
}

/** Four lanes of 32 bits: whole numbers, or masks whose lanes are all ones or all zeros. */
export class I32x4 extends Numeric<I32x4, I32x4> {
  /** Its type in WebAssembly. */
  static readonly wasm = 'v128';
  /** Its type here. */
  declare readonly type: 'i32x4';
  /** Prefix of its instructions. */
  protected get name(): string {
    return 'i32x4';
  }

  /** A constant. */
  static const(value: number): I32x4 {
    const lanes = new Array<number>(4).fill(value | 0);
    return new I32x4(instruction('v128.const', [], { kind: 'lanes', shape: 'i32x4', lanes }));
  }
  /** The value at an address. */
  static load(address: I32, offset = 0): I32x4 {
    return new I32x4(load('v128.load', address, offset));
  }
  /** Bits of both. */
  and(other: I32x4 | number): I32x4 {
    return this.#bitwise('and', other);
  }
  /** Bits of either. */
  or(other: I32x4 | number): I32x4 {
    return this.#bitwise('or', other);
  }
  /** Bits of one alone. */
  xor(other: I32x4 | number): I32x4 {
    return this.#bitwise('xor', other);
  }
  /** this & ~other */
  andNot(other: I32x4 | number): I32x4 {
    return this.#bitwise('andnot', other);
  }
  /** All bits turned. */
  not(): I32x4 {
    return this.#bitwise('not');
  }
  /** Shifted left. */
  shl(bits: number): I32x4 {
    return this.#shift('shl', bits);
  }
  /** Shifted right, with the sign. */
  shrS(bits: number): I32x4 {
    return this.#shift('shr_s', bits);
  }
  /** Shifted right, with zeros. */
  shrU(bits: number): I32x4 {
    return this.#shift('shr_u', bits);
  }
  /** a < b, signed. */
  ltS(other: I32x4 | number): I32x4 {
    return this.self('lt_s', other);
  }
  /** a > b, signed. */
  gtS(other: I32x4 | number): I32x4 {
    return this.self('gt_s', other);
  }
  /** The bits of `ones` where this has a one, else those of `zeros`. */
  select<V extends F32x4 | F64x2 | I32x4>(ones: V, zeros: V): V {
    const code = instruction('v128.bitselect', [ones.code, zeros.code, this.code]);
    return new (classOf(ones) as unknown as ValueClass<V>)(code);
  }
  /** Whether any bit is one. */
  any(): I32 {
    return new I32(instruction('v128.any_true', [this.code]));
  }
  /** A lane, 0 to 3. */
  lane(lane: number): I32 {
    return new I32(instruction('i32x4.extract_lane', [this.code], { kind: 'lane', lane }));
  }
  /** The lanes as signed numbers, rounded. */
  toF32x4(): F32x4 {
    return new F32x4(instruction('f32x4.convert_i32x4_s', [this.code]));
  }
  /** The bits read as float32. */
  asF32x4(): F32x4 {
    return new F32x4(this.code);
  }
  /** The bits read as float64. */
  asF64x2(): F64x2 {
    return new F64x2(this.code);
  }
  #bitwise(op: string, ...operands: (I32x4 | number)[]): I32x4 {
    const codes = operands.map((operand) => (typeof operand === 'number' ? I32x4.const(operand) : operand).code);
    return new I32x4(instruction(`v128.${op}`, [this.code, ...codes]));
  }
  #shift(op: string, bits: number): I32x4 {
    return new I32x4(instruction(`i32x4.${op}`, [this.code, I32.const(bits).code]));
  }
  /** A constant of this type. */
  protected constant(value: number): I32x4 {
    return I32x4.const(value);
  }
  /** A comparison as a truth value of this type. */
  protected truth(code: Instruction): I32x4 {
    return new I32x4(code);
  }
}

function load(op: string, address: I32, offset: number): Instruction {
  return instruction(op, [address.code], { kind: 'memory', offset });
}

function atomic(op: string, offset: number, ...operands: readonly Value[]): Instruction {
  const codes = operands.map(({ code }) => code);
  return instruction(op, codes, { kind: 'memory', offset });
}

/** A number as a constant. */
export function toI32(value: I32 | number): I32 {
  return typeof value === 'number' ? I32.const(value) : value;
}
