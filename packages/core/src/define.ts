// define…: gives a plug-in its kind and contract number, and infers its types. Plain data in, plain data out.

import { checkCompileSettings } from './compile-settings.ts';
import type { EquationModule, InitialState, ParameterDescription, SizeReference } from './contracts/network.ts';
import {
  type Attention,
  type Backend,
  type Cell,
  CONTRACT,
  type Dataset,
  type Emission,
  type Learns,
  type Loss,
  type Optimizer,
  type Precision,
  type Reading,
  type Sight,
  type TargetKind,
  type Task,
  type Tokenizer,
  type Trainer,
  type Vectorizer,
} from './contracts/plugins.ts';
import { defineOptions, type OptionField, type OptionsSchema, size } from './options.ts';

type Bare<P> = Omit<P, 'kind' | 'contract'>;

/** Defines a tokenizer. */
export function defineTokenizer<const N extends string, O>(plugin: Bare<Tokenizer<N, O>>): Tokenizer<N, O> {
  return { kind: 'tokenizer', contract: CONTRACT, ...plugin };
}

/** Defines a vectorizer. */
export function defineVectorizer<
  const N extends string,
  O,
  const Out extends Emission,
  const In extends Reading = Reading,
>(plugin: Bare<Vectorizer<N, O, Out, In>>): Vectorizer<N, O, Out, In> {
  return { kind: 'vectorizer', contract: CONTRACT, ...plugin };
}

/** Defines how a decoder attends. */
export function defineAttention<const N extends string, O>(plugin: Bare<Attention<N, O>>): Attention<N, O> {
  return { kind: 'attention', contract: CONTRACT, ...plugin };
}

/** Defines a task. */
export function defineTask<
  const N extends string,
  O,
  const L extends Learns = Learns,
  const In extends Emission = Emission,
>(plugin: Bare<Task<N, O, L, In>>): Task<N, O, L, In> {
  return { kind: 'task', contract: CONTRACT, ...plugin };
}

/** Defines a loss. */
export function defineLoss<const N extends string, O, const T extends TargetKind>(
  plugin: Bare<Loss<N, O, T>>,
): Loss<N, O, T> {
  return { kind: 'loss', contract: CONTRACT, ...plugin };
}

/** Defines an optimizer. */
export function defineOptimizer<const N extends string, O>(plugin: Bare<Optimizer<N, O>>): Optimizer<N, O> {
  return { kind: 'optimizer', contract: CONTRACT, ...plugin };
}

/** Defines a trainer. */
export function defineTrainer<const N extends string, O, const S extends Sight = Sight>(
  plugin: Bare<Trainer<N, O, S>>,
): Trainer<N, O, S> {
  return { kind: 'trainer', contract: CONTRACT, ...plugin };
}

/** Defines a backend. Its `compile` sees no settings that are none: they are `OPTION_INVALID` before. */
export function defineBackend<const N extends string, O, const P extends Precision = Precision>(
  plugin: Bare<Backend<N, O, P>>,
): Backend<N, O, P> {
  const compile: Bare<Backend<N, O, P>>['compile'] = (options) => {
    const own = plugin.compile(options);
    return async (network, settings) => {
      checkCompileSettings(settings);
      return own(network, settings);
    };
  };
  return { kind: 'backend', contract: CONTRACT, ...plugin, compile };
}

/** Defines a dataset. */
export function defineDataset<const N extends string, O>(plugin: Bare<Dataset<N, O>>): Dataset<N, O> {
  return { kind: 'dataset', contract: CONTRACT, ...plugin };
}

/** The option that every cell has. */
export interface UnitsOptions {
  /** Size of the states. */
  readonly units: number;
}

/** What a cell's author writes. */
export interface CellDefinition<N extends string, O extends UnitsOptions> {
  /** The name that a manifest uses. */
  readonly name: N;
  /** The npm package that holds it; `unrolled-cell-NAME`, the name that others publish under, unless said. */
  readonly package?: string;
  /** Paper, section, equation. */
  readonly source: string;
  /** Its options; `units` among them, and `units` alone unless said. Sizes and numbers can be named in the equations. */
  readonly options?: OptionsSchema<O>;
  /** Text in Language 1, or a function of the options that returns it. */
  readonly equations: string | ((options: O) => string);
  /** Every parameter of the equations, or a function of the options. */
  readonly parameters: Parameters | ((options: O) => Parameters);
  /** Declared shapes of states and values. */
  readonly shapes?: Readonly<Record<string, readonly SizeReference[]>>;
  /** How states start, or a function of the options; zero unless said. */
  readonly initial?: Beginnings | ((options: O) => Beginnings);
  /** The value that leaves the cell. */
  readonly output: string;
}

type Parameters = Readonly<Record<string, ParameterDescription | ParameterDescription['init']>>;
type Beginnings = Readonly<Record<string, InitialState>>;

/** Defines a cell from its equations. */
export function defineCell<const N extends string, O extends UnitsOptions = UnitsOptions>(
  cell: CellDefinition<N, O>,
): Cell<N, O, 'steps'> {
  const {
    name,
    source,
    package: home = `unrolled-cell-${name}`,
    options = unitsAlone as unknown as OptionsSchema<O>,
  } = cell;
  return {
    kind: 'cell',
    contract: CONTRACT,
    name,
    package: home,
    source,
    options,
    accepts: 'steps',
    module: (given) => moduleOf({ ...cell, options }, given),
  };
}

const unitsAlone = /* @__PURE__ */ defineOptions<UnitsOptions>({
  units: /* @__PURE__ */ size(64, 'Size of the states'),
});

/** What every piece made of equations shares: text and parameters, each possibly a function of the options. */
export interface ModuleDefinition<O> {
  /** The piece's name, for messages. */
  readonly name: string;
  /** Its options, whose sizes and numbers the equations may name. */
  readonly options: OptionsSchema<O>;
  /** Text in Language 1, or a function of the options. */
  readonly equations: string | ((options: O) => string);
  /** Every parameter of the equations, or a function of the options. */
  readonly parameters: Parameters | ((options: O) => Parameters);
  /** Declared shapes. */
  readonly shapes?: Readonly<Record<string, readonly SizeReference[]>>;
  /** How states start, or a function of the options. */
  readonly initial?: Beginnings | ((options: O) => Beginnings);
  /** The value that leaves the module. */
  readonly output: string;
}

/** The equation module of a definition with its options applied: sizes and constants by the options' types. */
export function moduleOf<O>(definition: ModuleDefinition<O>, options: O): EquationModule {
  const { name, output, shapes = {} } = definition;
  const equations = typeof definition.equations === 'function' ? definition.equations(options) : definition.equations;
  const listed = typeof definition.parameters === 'function' ? definition.parameters(options) : definition.parameters;
  const initial = typeof definition.initial === 'function' ? definition.initial(options) : (definition.initial ?? {});
  const parameters = Object.fromEntries(
    Object.entries(listed).map(([key, given]) => [key, isDescription(given) ? given : { init: given }]),
  );
  const sizes: Record<string, number> = {};
  const constants: Record<string, number> = {};
  for (const [key, field] of Object.entries(definition.options.fields) as [string, OptionField<unknown>][]) {
    const value = (options as Record<string, unknown>)[key];
    if (field.type === 'size') sizes[key] = value as number;
    else if (typeof value === 'number') constants[key] = value;
    else if (typeof value === 'boolean') constants[key] = value ? 1 : 0;
  }
  return { name, equations, parameters, sizes, constants, shapes, initial, output };
}

/** An initializer's `init` is a word; a description's is the initializer. */
function isDescription(given: ParameterDescription | ParameterDescription['init']): given is ParameterDescription {
  return typeof given.init !== 'string';
}
