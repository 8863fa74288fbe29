// Builds one graph of a whole network: input, layers, output, loss.
import type {
  EquationModule,
  InputDescription,
  LayerDescription,
  NetworkDescription,
  ParameterInfo,
  StateInfo,
} from '@unrolled/core';
import { UnrolledError } from '@unrolled/core';
import type { AnalysedModule } from './analysed.ts';
import { type BatchInput, batchInputs, batchInputsOf } from './batch-inputs.ts';
import { GraphBuilder } from './builder.ts';
import { checkNothingLearned, endOf } from './check-names.ts';
import { indicesOf } from './indices.ts';
import type { Axis, Shape } from './ir.ts';
import { type LoweredModule, type LoweredState, lower } from './lower.ts';
import type { Bound } from './lowering.ts';
import { mistake } from './mistake.ts';
import { analyse } from './module.ts';
import { segmentInputs } from './segments.ts';

/** An input of a network, as a value of its graph. */
export interface NetworkInput extends BatchInput {
  /** Its leaf. */
  readonly id: number;
}

/** A network's graph and where its parts are in it. */
export interface Network {
  /** Values of the forward pass; `addGradients` adds to it. */
  readonly builder: GraphBuilder;
  /** What it reads of a batch. */
  readonly inputs: readonly NetworkInput[];
  /** In the order input, layers, output. */
  readonly parameters: readonly ParameterInfo[];
  /** States across calls. */
  readonly states: readonly StateInfo[];
  /** Final value of each state, in the order of `states`. */
  readonly finals: readonly number[];
  /** Logits, over batch (and time for a task that answers at each step). */
  readonly output: number;
  /** Whether the output has a value at each step. */
  readonly outputPerStep: boolean;
  /** Weighted sum of the losses; undefined without a loss. */
  readonly loss: number | undefined;
  /** Named values for traces: `layers.0.i` → its value. */
  readonly named: ReadonlyMap<string, number>;
  /** Whether it streams, or a sentence that names what does not. */
  readonly streams: true | string;
}

/** How a graph is built. */
export interface BuildOptions {
  /**
   * Whether calls see the sequences in segments, the last one first, with {@link segmentInputs}: then an answer for a whole
   * sequence, and its loss, count in the last segment alone, and gradients add up to those of the whole.
   */
  readonly segments?: boolean;
}

/** Builds the graph of `description`. @throws EquationError for mistakes in equations; UnrolledError `LANGUAGE_NEWER`. */
export function buildNetwork(description: NetworkDescription, options: BuildOptions = {}): Network {
  if (description.language !== 1)
    throw new UnrolledError(
      'LANGUAGE_NEWER',
      `The network is written in language ${description.language}; this version knows 1.`,
      {
        mend: 'Update @unrolled/equations.',
      },
    );
  return new NetworkBuilder(description, options).build();
}

type Bindings = Readonly<Record<string, Bound>>;

/** What enters the first layer, and what its module may read beside it. */
interface Entered {
  readonly x: Bound;
  readonly beside: Bindings;
}

class NetworkBuilder {
  readonly #description: NetworkDescription;
  readonly #segments: boolean;
  readonly #builder = new GraphBuilder();
  readonly #inputs: readonly NetworkInput[];
  readonly #parameters: ParameterInfo[] = [];
  readonly #states: LoweredState[] = [];
  readonly #named = new Map<string, number>();
  #sites = 0;
  #streams: true | string = true;

  constructor(description: NetworkDescription, { segments = false }: BuildOptions) {
    this.#description = description;
    this.#segments = segments;
    this.#inputs = batchInputsOf(description).map((input) => ({ ...input, id: this.#leaf(input) }));
  }

  build(): Network {
    const { input, layers, output, loss, target } = this.#description;
    if (input.kind === 'bag') this.#needsWhole('A bag does not stream: it has no order.');
    const entered = this.#input(input);
    let value = entered.x;
    layers.forEach((layer, number) => {
      const beside = number === 0 && !input.module ? entered.beside : {};
      value = this.#layer(layer, number, value, beside);
    });
    const beside = layers.length === 0 ? entered.beside : {};
    const head = this.#module(output, 'output', { h: value, ...beside }, { hidden: this.#sizeOf(value) });
    if (head.whole !== undefined) this.#needsWhole(`The output layer "${output.name}" does not stream: ${head.whole}.`);
    const answer = head.values.get(output.output) as number;
    checkVector(this.#builder, output, answer);
    // An answer that looks at no sequence is still one for each.
    const logits = this.#builder.expand(answer, this.#builder.shape(answer), ['batch']);
    const outputPerStep = this.#builder.at(logits).over.includes('time');
    if (loss && outputPerStep !== (target.per === 'step'))
      throw new UnrolledError(
        'NETWORK_MISFIT',
        `There is one target for each ${target.per}, but the output layer "${output.name}" gives one value for each ${outputPerStep ? 'step' : 'sequence'}.`,
        { mend: `Say target: { per: '${outputPerStep ? 'step' : 'sequence'}' }, or use another task.` },
      );
    return {
      builder: this.#builder,
      inputs: this.#inputs,
      parameters: this.#parameters,
      states: this.#states.map(({ name, shape }) => ({ name, shape })),
      finals: this.#states.map(({ final }) => final),
      output: logits,
      outputPerStep,
      loss: loss && this.#loss(loss, logits, target),
      named: this.#named,
      streams: this.#streams,
    };
  }

  #leaf({ name, kind, size, per }: BatchInput): number {
    const over = per === 'step' ? (['batch', 'time'] as const) : (['batch'] as const);
    return this.#builder.input(name, kind === 'vectors' ? [size] : [], over, kind === 'ids' ? size : 0);
  }

  /** An input as a module sees it. */
  #bound(name: string): Bound {
    const { id, kind, size } = this.#inputs.find((input) => input.name === name) as NetworkInput;
    return { id, classes: kind === 'ids' ? size : 0 };
  }

  /** What enters, and what is bound beside it: the numbers of a bag. */
  #input(input: InputDescription): Entered {
    const x = this.#bound(batchInputs.x);
    const beside = input.kind === 'bag' ? { value: this.#bound(batchInputs.value) } : {};
    if (!input.module) return { x, beside };
    const sizes = input.kind === 'ids' ? { vocabulary: input.vocabulary } : { inputs: input.size };
    const lowered = this.#module(input.module, 'input', { x, ...beside }, sizes);
    return { x: { id: this.#stepOutput(input.module, lowered), classes: 0 }, beside };
  }

  /** How many units a bound value has: those of the one-hot vector that it stands for. */
  #sizeOf({ id, classes }: Bound): number {
    return classes > 0 ? classes : (this.#builder.shape(id)[0] ?? 1);
  }

  #layer(
    { module, direction, dropout, residual = false }: LayerDescription,
    number: number,
    input: Bound,
    beside: Bindings,
  ): Bound {
    const prefix = `layers.${number}`;
    const x = this.#dropout(this.#dropout(input, dropout.input, 'step'), dropout.inputSequence, 'sequence');
    const inputs = this.#sizeOf(input);
    const run = (place: string, reverse: boolean): { readonly id: number; readonly reverse: boolean } => {
      const lowered = this.#module(module, place, { x, ...beside }, { inputs }, reverse);
      if (lowered.whole !== undefined)
        this.#needsWhole(`Layer ${number} (${module.name}) does not stream: ${lowered.whole}.`);
      return { id: this.#stepOutput(module, lowered), reverse };
    };
    if (direction !== 'forward')
      this.#needsWhole(`Layer ${number} (${module.name}) runs backward, so it needs the end of the sequence first.`);
    const runs =
      direction === 'both'
        ? [run(`${prefix}.forward`, false), run(`${prefix}.backward`, true)]
        : [run(prefix, direction === 'backward')];
    const size = this.#builder.shape(runs[0]?.id ?? 0)[0] ?? 1;
    const parts = runs.map(({ reverse }, index) => ({ from: index * size, to: (index + 1) * size, reverse }));
    const output: Bound = { id: this.#builder.join(runs.map(({ id }) => id)), classes: 0, parts };
    const dropped = this.#dropout(output, dropout.output, 'step');
    return residual ? this.#residual(dropped, input, `Layer ${number} (${module.name})`) : dropped;
  }

  /** A layer's output with its input added. @throws UnrolledError `NETWORK_MISFIT` where that can't be */
  #residual(output: Bound, input: Bound, layer: string): Bound {
    const refuse = (sentence: string, mend: string): never => {
      throw new UnrolledError('NETWORK_MISFIT', `${layer} is residual, ${sentence}`, { mend });
    };
    if (input.classes > 0)
      refuse(
        'but its input is token numbers, to which nothing can be added.',
        'Learn an embedding before it, or leave residual out.',
      );
    const [inputs, outputs] = [this.#sizeOf(input), this.#sizeOf(output)];
    if (inputs !== outputs)
      refuse(
        `but its input has ${inputs} units and its output ${outputs}: what is added must have equal sizes.`,
        `Give both the same size, or leave residual out.`,
      );
    return { ...output, id: this.#builder.add(output.id, input.id) };
  }

  /** What a layer hands to the next: a vector at each step. */
  #stepOutput(module: EquationModule, lowered: LoweredModule): number {
    const id = lowered.values.get(module.output) as number;
    checkVector(this.#builder, module, id);
    if (this.#builder.at(id).over.join() === 'batch,time') return id;
    throw mistake('EQUATION_INDEX', module, endOf(module), {
      found: `the output "${module.output}" of ${module.name}, which has not one value at each step`,
      expected: `an output with the index of the step alone: "${module.output}[t]"`,
    });
  }

  /** The first to need the whole sequence speaks for all. */
  #needsWhole(sentence: string): void {
    if (this.#streams === true) this.#streams = sentence;
  }

  #dropout(bound: Bound, rate: number | undefined, per: 'step' | 'sequence'): Bound {
    if (rate === undefined || rate === 0) return bound;
    const builder = this.#builder;
    const { id, classes } = bound;
    const dense = classes === 0 ? id : builder.scatterAdd(id, builder.constant(1), 0, [classes], ['batch', 'time']);
    const over = per === 'step' ? (['batch', 'time'] as const) : (['batch'] as const);
    const mask = builder.random(this.#nextSite(), 1 - rate, 1 / (1 - rate), builder.shape(dense), over);
    return { ...bound, id: builder.multiply(dense, mask), classes: 0 };
  }

  #loss(module: EquationModule, y: number, target: NetworkDescription['target']): number {
    const builder = this.#builder;
    const over = target.per === 'step' ? (['batch', 'time'] as const) : (['batch'] as const);
    const each = this.#rowwise(module, y, target, over);
    const weight = builder.input(batchInputs.weight, [], over);
    const weighted = builder.multiply(weight, builder.expand(each, [], over));
    if (target.per === 'step') return builder.sumAxes(weighted, []);
    // An empty sequence has an output (of what an empty pool gives) but no loss.
    const [steps, none] = this.#segments
      ? [builder.input(segmentInputs.ends, [], over), builder.constant(1.5)]
      : [builder.length(), builder.constant(0.5)];
    return builder.sumAxes(builder.where(steps, none, weighted, builder.constant(0)), []);
  }

  /** The loss of one row: its names have no index even where it is taken at each step. */
  #rowwise(module: EquationModule, y: number, target: NetworkDescription['target'], over: readonly Axis[]): number {
    const builder = this.#builder;
    const bound: Bound =
      target.kind === 'class'
        ? { id: builder.input(batchInputs.target, [], over, target.size), classes: target.size }
        : { id: builder.input(batchInputs.target, [target.size], over), classes: 0 };
    const bindings = { y: { id: y, classes: 0 }, target: bound };
    const analysed = analyse(module, Object.keys(bindings), {});
    checkRowwise(analysed);
    const place = { prefix: 'loss', reverse: false, counts: 'updates', nextSite: () => this.#nextSite() } as const;
    const { values, shapes } = lower(builder, analysed, { ...place, bindings });
    const shape = shapes.values[module.output] as Shape;
    if (shape.length === 0) return values.get(module.output) as number;
    throw mistake('EQUATION_SHAPE', module, endOf(module), {
      found: `a loss "${module.output}" of shape [${shape.join(', ')}]`,
      expected: 'one number for a row: a sum or a mean',
    });
  }

  #module(
    module: EquationModule,
    prefix: string,
    bindings: Bindings,
    sizes: Readonly<Record<string, number>>,
    reverse = false,
  ): LoweredModule {
    const analysed = analyse(module, Object.keys(bindings), sizes);
    const lowered = lower(this.#builder, analysed, {
      prefix,
      bindings,
      reverse,
      counts: 'steps',
      nextSite: () => this.#nextSite(),
      segments: this.#segments,
    });
    this.#addParameters(module, prefix, lowered);
    this.#states.push(...lowered.states);
    for (const [name, id] of lowered.values) this.#named.set(`${prefix}.${name}`, id);
    return lowered;
  }

  #addParameters(module: EquationModule, prefix: string, { shapes, learned }: LoweredModule): void {
    for (const [name, { init }] of Object.entries(module.parameters)) {
      this.#parameters.push({ name: `${prefix}.${name}`, shape: shapes.parameters[name] as Shape, init });
    }
    for (const [name, shape] of Object.entries(learned)) {
      this.#parameters.push({ name: `${prefix}.${name}`, shape, init: { init: 'zeros' } });
    }
  }

  #nextSite(): number {
    return this.#sites++;
  }
}

function checkVector(builder: GraphBuilder, module: EquationModule, id: number): void {
  const shape = builder.shape(id);
  if (shape.length === 1) return;
  throw mistake('EQUATION_SHAPE', module, endOf(module), {
    found: `the output "${module.output}" of ${module.name}, ${shape.length === 0 ? 'a scalar' : `a matrix [${shape.join(', ')}]`}`,
    expected: shape.length === 0 ? `a vector: [${module.output}] makes one of a scalar` : 'a vector',
  });
}

/** A loss compares y with target: no steps, nothing to learn. @throws EquationError */
function checkRowwise({ module, tree }: AnalysedModule): void {
  for (const statement of tree.statements) {
    const [index] = indicesOf(statement);
    if (index !== undefined)
      throw mistake('EQUATION_INDEX', module, statement.span, {
        found: `the index "${index}" in a loss`,
        expected: 'names without an index: a loss is written for one row',
      });
  }
  checkNothingLearned(module, 'a loss');
}
