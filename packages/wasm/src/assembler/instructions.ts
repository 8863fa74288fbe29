// What a module is made of before it is encoded or printed: trees of instructions, functions, memory, globals.

/** A type of WebAssembly. */
export type WasmType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** A local or a global. */
export interface Slot {
  /** For messages and text. */
  readonly name: string;
  readonly type: WasmType;
}

/** What `br` goes to: the end of a block or the start of a loop. */
export interface Target {
  /** For messages and text. */
  readonly name: string;
}

/** What an instruction carries besides its operands. */
export type Immediate =
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'lanes'; readonly shape: 'i32x4' | 'f32x4' | 'f64x2'; readonly lanes: readonly number[] }
  | { readonly kind: 'shuffle'; readonly lanes: readonly number[] }
  | { readonly kind: 'slot'; readonly slot: Slot }
  | { readonly kind: 'memory'; readonly offset: number; readonly lane?: number }
  | { readonly kind: 'lane'; readonly lane: number }
  | { readonly kind: 'call'; readonly callee: Callee }
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'body'; readonly target: Target; readonly body: Body; readonly otherwise?: Body }
  | { readonly kind: 'none' };

/** One instruction with the instructions that make its operands, in the order of evaluation. */
export interface Instruction {
  /** Its name in the text form: `f32x4.add`, `local.get`, `block`. */
  readonly op: string;
  readonly operands: readonly Instruction[];
  readonly immediate: Immediate;
  /** Whether it has found its place, as an operand or a statement. */
  taken?: boolean;
  /** Whether a constant vector is in it or in its operands. */
  readonly constants?: boolean;
}

/** Statements in order. */
export type Body = readonly Instruction[];

/** What can be called: parameters and at most one result. */
export interface Callee {
  /** For messages and text. */
  readonly name: string;
  /** Types of its parameters. */
  readonly parameters: readonly Slot[];
  /** Type of its result, if it has one. */
  readonly result: WasmType | undefined;
}

/** A function with its code. `locals` begins with the parameters. */
export interface FunctionCode extends Callee {
  readonly locals: readonly Slot[];
  readonly body: Body;
}

/** A function that the host gives. */
export interface FunctionImport extends Callee {
  readonly module: string;
}

/** A global with its first value. */
export interface GlobalCode extends Slot {
  readonly initial: Instruction;
}

/** The memory of a module, in pages of 64 KiB. */
export interface MemoryOptions {
  /** Pages at the start. */
  readonly minimum: number;
  /** Pages at most; needed where `shared`. */
  readonly maximum?: number;
  /** Memory of threads, over a SharedArrayBuffer. */
  readonly shared?: boolean;
  /** The name by which the host gives the memory; without it the module has its own. */
  readonly import?: { readonly module: string; readonly name: string };
  /** The name by which the module shows its memory. */
  readonly export?: string;
}

/** A whole module. */
export interface ModuleCode {
  readonly imports: readonly FunctionImport[];
  readonly memory: MemoryOptions | undefined;
  readonly globals: readonly GlobalCode[];
  readonly functions: readonly FunctionCode[];
  /** Functions by the name that the host sees. */
  readonly exports: readonly (readonly [name: string, callee: Callee])[];
}
