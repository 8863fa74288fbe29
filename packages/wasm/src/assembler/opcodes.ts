// Codes of the instructions, by their names in WebAssembly's text form.

/** Runs of consecutive codes: prefix of the names, first code, names; `-` is a code that has no use here. */
const runs: readonly (readonly [string, number, string])[] = [
  ['', 0x00, 'unreachable - block loop if'],
  ['', 0x0c, 'br br_if - return call'],
  ['', 0x1a, 'drop select'],
  ['', 0x20, 'local.get local.set local.tee global.get global.set'],
  ['', 0x28, 'i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u'],
  ['', 0x36, 'i32.store i64.store f32.store f64.store i32.store8'],
  ['', 0x3f, 'memory.size memory.grow i32.const i64.const f32.const f64.const'],
  ['i32.', 0x45, 'eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u'],
  ['i64.', 0x50, 'eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u'],
  ['f32.', 0x5b, 'eq ne lt gt le ge'],
  ['f64.', 0x61, 'eq ne lt gt le ge'],
  ['i32.', 0x67, 'clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr'],
  ['i64.', 0x79, 'clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr'],
  ['f32.', 0x8b, 'abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign'],
  ['f64.', 0x99, 'abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign'],
  ['', 0xa7, 'i32.wrap_i64'],
  ['', 0xac, 'i64.extend_i32_s i64.extend_i32_u'],
  ['', 0xb2, 'f32.convert_i32_s f32.convert_i32_u - - f32.demote_f64'],
  ['', 0xb7, 'f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32'],
  ['', 0xbc, 'i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64'],
  ['', 0xfc00, 'i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u'],
  ['memory.', 0xfc0a, 'copy fill'],
  ['v128.', 0xfd00, 'load'],
  ['v128.', 0xfd09, 'load32_splat load64_splat store const'],
  ['', 0xfd0d, 'i8x16.shuffle'],
  ['', 0xfd11, 'i32x4.splat - f32x4.splat f64x2.splat'],
  ['', 0xfd1b, 'i32x4.extract_lane i32x4.replace_lane'],
  ['', 0xfd1f, 'f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane'],
  ['i32x4.', 0xfd37, 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u'],
  ['f32x4.', 0xfd41, 'eq ne lt gt le ge'],
  ['f64x2.', 0xfd47, 'eq ne lt gt le ge'],
  ['v128.', 0xfd4d, 'not and andnot or xor bitselect any_true'],
  ['v128.', 0xfd56, 'load32_lane load64_lane - - store32_lane store64_lane load32_zero load64_zero'],
  ['', 0xfd5e, 'f32x4.demote_f64x2_zero f64x2.promote_low_f32x4'],
  ['f32x4.', 0xfd67, 'ceil floor trunc nearest'],
  ['f64x2.', 0xfd74, 'ceil floor'],
  ['f64x2.', 0xfd7a, 'trunc'],
  ['f64x2.', 0xfd94, 'nearest'],
  ['i32x4.', 0xfda0, 'abs neg - all_true bitmask'],
  ['i32x4.', 0xfdab, 'shl shr_s shr_u add - - sub - - - mul min_s min_u max_s max_u'],
  ['f32x4.', 0xfde0, 'abs neg - sqrt add sub mul div min max pmin pmax'],
  ['f64x2.', 0xfdec, 'abs neg - sqrt add sub mul div min max pmin pmax'],
  ['', 0xfdf8, 'i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u'],
  ['', 0xfdfc, 'i32x4.trunc_sat_f64x2_s_zero - f64x2.convert_low_i32x4_s'],
  ['f32x4.', 0xfd105, 'relaxed_madd'],
  ['f64x2.', 0xfd107, 'relaxed_madd'],
  ['', 0xfe00, 'memory.atomic.notify memory.atomic.wait32 - atomic.fence'],
  ['i32.atomic.', 0xfe10, 'load'],
  ['i32.atomic.', 0xfe17, 'store'],
  ['i32.atomic.rmw.', 0xfe1e, 'add'],
  ['i32.atomic.rmw.', 0xfe41, 'xchg'],
  ['i32.atomic.rmw.', 0xfe48, 'cmpxchg'],
];

/** The bytes of an instruction: its code, or its prefix and a number. */
export interface Opcode {
  /** 0xfc, 0xfd or 0xfe; undefined for an instruction of one byte. */
  readonly prefix: number | undefined;
  readonly code: number;
}

function split(code: number): Opcode {
  if (code < 0x100) return { prefix: undefined, code };
  const digits = code < 0x10000 ? 0x100 : 0x1000;
  return { prefix: Math.floor(code / digits), code: code % digits };
}

const opcodes = new Map<string, Opcode>();
for (const [prefix, first, names] of runs) {
  for (const [index, name] of names.split(' ').entries())
    if (name !== '-') opcodes.set(prefix + name, split(first + index));
}

/** The opcode of `name`, such as `f32x4.add`. */
export function opcodeOf(name: string): Opcode {
  const opcode = opcodes.get(name);
  if (!opcode) throw new Error(`There is no instruction ${name}.`);
  return opcode;
}

const alignments = new Map<string, number>();

/** The alignment that an access to memory has by its nature, as a power of two. */
export function naturalAlignment(name: string): number {
  const known = alignments.get(name) ?? alignmentOf(name);
  alignments.set(name, known);
  return known;
}

function alignmentOf(name: string): number {
  if (/load8|store8/.test(name)) return 0;
  if (name.startsWith('v128') && !/32|64/.test(name)) return 4;
  return /64/.test(name) ? 3 : 2;
}
