// Puts functions, globals and a memory together into one module.

import { encodeModule } from './encode.ts';
import { assemblyError, checkName } from './errors.ts';
import { Call, FunctionBuilder, type Variable, variableOf } from './function-builder.ts';
import type {
  Callee,
  FunctionCode,
  FunctionImport,
  GlobalCode,
  MemoryOptions,
  ModuleCode,
  Slot,
} from './instructions.ts';
import { printModule } from './print.ts';
import { classOf, I32, instruction, type Value, type ValueClass } from './values.ts';

/** Names and types of parameters: `{ x: F32x4, count: I32 }`. */
export type Signature = Readonly<Record<string, ValueClass<any>>>;

/** The value of a class. */
type Of<C> = C extends { prototype: infer V } ? V : never;

/** Parameters inside the function: variables by name. */
export type Parameters<S extends Signature> = { readonly [K in keyof S]: Variable<Of<S[K]>> };

/** Arguments of a call by name; a number stands for an I32 constant. */
export type Arguments<S extends Signature> = {
  readonly [K in keyof S]: Of<S[K]> extends I32 ? I32 | number : Of<S[K]>;
};

/** A function that others of the module can call: with a result an expression, without one a statement for `f.run`. */
export interface WasmFunction<S extends Signature, R extends Value | undefined> {
  (args: Arguments<S>): R extends Value ? R : Call;
  /** What is called. */
  readonly callee: Callee;
}

/** A function whose signature is not known here. */
type AnyFunction = ((args: any) => any) & { readonly callee: Callee };

/** Builds one module. */
export class ModuleBuilder {
  readonly #memory: MemoryOptions | undefined;
  readonly #imports: FunctionImport[] = [];
  readonly #globals: GlobalCode[] = [];
  readonly #functions: FunctionCode[] = [];
  readonly #exports: [string, Callee][] = [];
  readonly #names = new Set<string>();

  constructor(options: { readonly memory?: MemoryOptions } = {}) {
    const { memory } = options;
    if (memory?.shared && memory.maximum === undefined)
      throw assemblyError(
        'ASSEMBLY_MEMORY_INVALID',
        'A shared memory has no maximum.',
        'Give memory.maximum in pages of 64 KiB.',
      );
    this.#memory = memory;
  }

  /**
   * A function of the module. `body` writes its statements and gives back its result, if it has one.
   *
   * @param parameters - in order; the host passes them in this order.
   * @throws UnrolledError `ASSEMBLY_NAME_TAKEN`.
   */
  function<const S extends Signature, V extends Value>(
    name: string,
    parameters: S,
    body: (f: FunctionBuilder, parameters: Parameters<S>) => V,
  ): WasmFunction<S, V>;
  function<const S extends Signature>(
    name: string,
    parameters: S,
    body: (f: FunctionBuilder, parameters: Parameters<S>) => void,
  ): WasmFunction<S, undefined>;
  function(
    name: string,
    parameters: Signature,
    body: (f: FunctionBuilder, parameters: Parameters<Signature>) => unknown,
  ): AnyFunction {
    this.#claim(name);
    const f = new FunctionBuilder();
    const { slots, variables } = variablesOf(parameters);
    for (const slot of slots) f.reserve(slot.name);
    const result = body(f, variables) as Value | undefined;
    const code = f.finish(name, slots, result);
    this.#functions.push(code);
    return caller(code, result && classOf(result));
  }

  /** A function that the host gives as `module.name`. */
  import<const S extends Signature, V extends Value>(
    module: string,
    name: string,
    parameters: S,
    result: ValueClass<V>,
  ): WasmFunction<S, V>;
  import<const S extends Signature>(module: string, name: string, parameters: S): WasmFunction<S, undefined>;
  import(module: string, name: string, parameters: Signature, result?: ValueClass<Value>): AnyFunction {
    this.#claim(name);
    const { slots } = variablesOf(parameters);
    const callee = { module, name, parameters: slots, result: result?.wasm };
    this.#imports.push(callee);
    return caller(callee, result);
  }

  /** Lets the host call the function, under its own name or another. */
  export<F extends { readonly callee: Callee }>(exported: F, as: string = exported.callee.name): F {
    if (this.#exports.some(([name]) => name === as))
      throw assemblyError('ASSEMBLY_NAME_TAKEN', `The module exports ${as} already.`, 'Export it under another name.');
    this.#exports.push([as, exported.callee]);
    return exported;
  }

  /** A variable of the whole module that begins with a constant. */
  global<V extends Value>(name: string, initial: V): Variable<V> {
    this.#claim(name);
    const of = classOf(initial);
    if (!initial.code.op.endsWith('.const'))
      throw assemblyError(
        'ASSEMBLY_NOT_CONSTANT',
        `The global ${name} begins with a ${initial.code.op}.`,
        'It must be a constant, such as I32.const(0).',
      );
    const slot = { name, type: of.wasm, initial: initial.code };
    this.#globals.push(slot);
    return variableOf(of, 'global.get', slot);
  }

  /** The module in WebAssembly's binary form. */
  toBinary(): Uint8Array<ArrayBuffer> {
    return encodeModule(this.#code());
  }

  /** The module in WebAssembly's text form. */
  toText(): string {
    return printModule(this.#code());
  }

  #code(): ModuleCode {
    return {
      imports: this.#imports,
      memory: this.#memory,
      globals: this.#globals,
      functions: this.#functions,
      exports: this.#exports,
    };
  }

  #claim(name: string): void {
    checkName(name);
    if (this.#names.has(name))
      throw assemblyError('ASSEMBLY_NAME_TAKEN', `The module has a ${name} already.`, 'Give it another name.');
    this.#names.add(name);
  }
}

function variablesOf<S extends Signature>(parameters: S): { slots: Slot[]; variables: Parameters<S> } {
  const entries = Object.entries(parameters).map(([name, of]) => {
    const slot: Slot = { name, type: of.wasm };
    return { slot, entry: [name, variableOf(of, 'local.get', slot)] as const };
  });
  const variables = Object.fromEntries(entries.map(({ entry }) => entry)) as Parameters<S>;
  return { slots: entries.map(({ slot }) => slot), variables };
}

function caller(callee: Callee, result: ValueClass<Value> | undefined): AnyFunction {
  const call = (args: Readonly<Record<string, Value | number>>): Value | Call => {
    const operands = callee.parameters.map(({ name }) => {
      const value = args[name];
      if (value === undefined)
        throw assemblyError(
          'ASSEMBLY_ARGUMENT_MISSING',
          `The call of ${callee.name} lacks ${name}.`,
          `Call it with ${callee.parameters.map((one) => one.name).join(', ')}.`,
        );
      return (typeof value === 'number' ? I32.const(value) : value).code;
    });
    const code = instruction('call', operands, { kind: 'call', callee });
    return result ? new result(code) : new Call(code);
  };
  return Object.assign(call, { callee });
}
