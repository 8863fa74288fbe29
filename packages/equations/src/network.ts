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
import type { Bound, Part, Placement, Range } from './lowering.ts';
import { checkBegin, type Memory, rangeOver, readsMemory } from './memory.ts';
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

/** One of a network's sequences: how its parts are named, and how they count their steps. */
interface Side extends Pick<Placement, 'counts' | 'length' | 'streams'> {
  /** Before the names of parts: `source.`. */
  readonly prefix: string;
  /** Behind the names of layers in messages: ` of the encoder`. */
  readonly of: string;
}

/** Where a module stands in a network. */
interface Place extends Pick<Placement, 'reverse' | 'begin' | 'shapes'> {
  readonly prefix: string;
  readonly side: Side;
  /** Sizes known from outside. */
  readonly sizes: Readonly<Record<string, number>>;
  /** The memory, where it may read it, and the graph's axis along which that lies. */
  readonly memory?: { readonly of: Memory; readonly axis: Range['axis'] } | undefined;
  /** Whether it has steps; else it sees the memory alone. */
  readonly hasSteps?: boolean;
}

/** Where a layer stands, and what enters it. */
interface LayerPlace {
  readonly number: number;
  readonly side: Side;
  readonly input: Bound;
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
  readonly #side: Side;
  #memory: Memory | undefined;
  #sites = 0;
  #streams: true | string = true;

  constructor(description: NetworkDescription, { segments = false }: BuildOptions) {
    this.#description = description;
    this.#segments = segments;
    const { source, input } = description;
    const streams = source === undefined && input.kind !== 'bag';
    this.#side = { prefix: '', of: '', counts: source?.kind === 'memory' ? 'step' : 'steps', streams };
    this.#inputs = batchInputsOf(description).map((input) => ({ ...input, id: this.#leaf(input) }));
  }

  build(): Network {
    const { input, source, layers, attention, output, loss, target } = this.#description;
    checkSource(this.#description);
    if (source?.kind === 'encoder')
      this.#needsWhole('The encoder reads its whole source before the first step, so the network does not stream.');
    if (source?.kind === 'memory')
      this.#needsWhole('The network is handed its memory with each step, so it does not stream.');
    if (input.kind === 'bag') this.#needsWhole('A bag does not stream: it has no order.');
    this.#memory = source && this.#memoryOf(source);
    const side = this.#side;
    const { last, beside } = this.#layers(input, layers, batchInputs.x, side);
    const seen = attention ? this.#attention(attention, last) : last;
    const sizes = { hidden: this.#sizeOf(seen) };
    const head = this.#module(output, { h: seen, ...beside }, { prefix: 'output', side, sizes, reverse: false });
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
  #input(input: InputDescription, name: string, side: Side): Entered {
    const x = this.#bound(name);
    const beside = input.kind === 'bag' ? { value: this.#bound(batchInputs.value) } : {};
    if (!input.module) return { x, beside };
    const sizes = input.kind === 'ids' ? { vocabulary: input.vocabulary } : { inputs: input.size };
    const place = { prefix: `${side.prefix}input`, side, sizes, reverse: false };
    const lowered = this.#module(input.module, { x, ...beside }, place);
    return { x: { id: this.#stepOutput(input.module, lowered, side), classes: 0 }, beside };
  }

  /** The last layer's output; where there are no layers what enters, and what is bound beside it. */
  #layers(
    input: InputDescription,
    layers: readonly LayerDescription[],
    name: string,
    side: Side,
  ): { readonly last: Bound; readonly beside: Bindings } {
    const { x, beside } = this.#input(input, name, side);
    let last = x;
    layers.forEach((layer, number) => {
      last = this.#layer(layer, { number, side, input: last, beside: number === 0 && !input.module ? beside : {} });
    });
    return { last, beside: layers.length === 0 ? beside : {} };
  }

  /** What an encoder makes of its source, or what it has made of it. */
  #memoryOf(source: NonNullable<NetworkDescription['source']>): Memory {
    const builder = this.#builder;
    if (source.kind === 'memory') {
      const { size, direction = 'forward' } = source;
      const { id } = this.#bound(batchInputs.memory);
      const ways = direction === 'both' ? [false, true] : [direction === 'backward'];
      const bound = { id, classes: 0, parts: partsOf(ways, size / ways.length) };
      return { bound, size, length: () => builder.length(), cut: false };
    }
    const length = builder.input(batchInputs.sourceLengths, [], ['batch']);
    const side = { prefix: 'source.', of: ' of the encoder', counts: 'steps', length, streams: false } as const;
    const { last } = this.#layers(source.input, source.layers, batchInputs.source, side);
    const id = builder.where(length, builder.position('time'), this.#dense(last), builder.constant(0));
    return { bound: { ...last, id, classes: 0 }, size: this.#sizeOf(last), length: () => length, cut: true };
  }

  /** What the output layer sees in place of the last layer's output. */
  #attention(module: EquationModule, h: Bound): Bound {
    const side = this.#side;
    const place = { prefix: 'attention', side, sizes: { hidden: this.#sizeOf(h) }, reverse: false };
    const lowered = this.#module(module, { h }, { ...place, memory: this.#alongside(module) });
    return { id: this.#stepOutput(module, lowered, side), classes: 0 };
  }

  /** The memory as a module of the decoder reads it, if it does: along an axis of its own, or where there is one step along time. */
  #alongside(module: EquationModule): Place['memory'] {
    if (!this.#memory || !readsMemory(module)) return undefined;
    return { of: this.#memory, axis: this.#side.counts === 'step' ? 'time' : 'time*' };
  }

  /** How many units a bound value has: those of the one-hot vector that it stands for. */
  #sizeOf({ id, classes }: Bound): number {
    return classes > 0 ? classes : (this.#builder.shape(id)[0] ?? 1);
  }

  #layer(layer: LayerDescription, { number, side, input, beside }: LayerPlace): Bound {
    const { module, direction, dropout, residual = false } = layer;
    const prefix = `${side.prefix}layers.${number}`;
    const title = `Layer ${number}${side.of} (${module.name})`;
    const x = this.#dropout(this.#dropout(input, dropout.input, 'step'), dropout.inputSequence, 'sequence');
    const sizes = { inputs: this.#sizeOf(input) };
    const memory = side === this.#side ? this.#alongside(module) : undefined;
    const begin = layer.begin && this.#begin(layer.begin, `${prefix}.begin`, module.name);
    const run = (at: string, reverse: boolean): { readonly id: number; readonly reverse: boolean } => {
      const place = { prefix: at, side, sizes, reverse, memory, ...(begin && { begin }) };
      const lowered = this.#module(module, { x, ...beside }, place);
      if (lowered.whole !== undefined) this.#needsWhole(`${title} does not stream: ${lowered.whole}.`);
      return { id: this.#stepOutput(module, lowered, side), reverse };
    };
    if (direction !== 'forward') this.#needsWhole(`${title} runs backward, so it needs the end of the sequence first.`);
    if (direction !== 'forward' && side.counts === 'step')
      throw new UnrolledError('NETWORK_MISFIT', `${title} runs backward, but the network takes one step at a time.`, {
        mend: "Give a decoder layers of direction: 'forward'.",
      });
    const runs =
      direction === 'both'
        ? [run(`${prefix}.forward`, false), run(`${prefix}.backward`, true)]
        : [run(prefix, direction === 'backward')];
    const size = this.#builder.shape(runs[0]?.id ?? 0)[0] ?? 1;
    const parts = partsOf(
      runs.map(({ reverse }) => reverse),
      size,
    );
    const output: Bound = { id: this.#builder.join(runs.map(({ id }) => id)), classes: 0, parts };
    const dropped = this.#dropout(output, dropout.output, 'step');
    return residual ? this.#residual(dropped, input, title) : dropped;
  }

  /** First values of a layer's states, computed of the memory once for both of its directions. */
  #begin(module: EquationModule, prefix: string, layer: string): NonNullable<Placement['begin']> {
    let known: ReadonlyMap<string, number> | undefined;
    return (shapes) => {
      const memory = { of: this.#memory as Memory, axis: 'time' } as const;
      const place = { prefix, side: this.#side, sizes: {}, reverse: false, memory, hasSteps: false, shapes };
      const lower = (): ReadonlyMap<string, number> => {
        const { values } = this.#module(module, {}, place, (analysed) => checkBegin(analysed, shapes, layer));
        const states = [...values].filter(([name]) => Object.hasOwn(shapes, name));
        return new Map(states.map(([name, id]) => [name, this.#builder.expand(id, shapes[name] as Shape, [])]));
      };
      known ??= lower();
      return known;
    };
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
  #stepOutput(module: EquationModule, lowered: LoweredModule, { counts }: Side): number {
    const id = lowered.values.get(module.output) as number;
    checkVector(this.#builder, module, id);
    if (this.#builder.at(id).over.join() === (counts === 'step' ? 'batch' : 'batch,time')) return id;
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
    const dense = this.#dense(bound);
    const over = per === 'step' ? builder.at(bound.id).over : (['batch'] as const);
    const mask = builder.random(this.#nextSite(), 1 - rate, 1 / (1 - rate), builder.shape(dense), over);
    return { ...bound, id: builder.multiply(dense, mask), classes: 0 };
  }

  /** A bound value as a vector. */
  #dense({ id, classes }: Bound): number {
    const builder = this.#builder;
    return classes === 0 ? id : builder.scatterAdd(id, builder.constant(1), 0, [classes], builder.at(id).over);
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
    given: Bindings,
    place: Place,
    check: (analysed: AnalysedModule) => void = () => {},
  ): LoweredModule {
    const { prefix, side, memory, hasSteps = true, reverse, begin, shapes } = place;
    const { counts, length, streams } = side;
    const bindings: Bindings = memory ? { ...given, m: this.#read(memory) } : given;
    const sizes = memory ? { ...place.sizes, memory: memory.of.size } : place.sizes;
    const analysed = analyse(module, Object.keys(bindings), sizes, memory ? 'source' : 'steps', hasSteps);
    check(analysed);
    const lowered = lower(this.#builder, analysed, {
      prefix,
      bindings,
      reverse,
      counts: hasSteps ? counts : 'nothing',
      nextSite: () => this.#nextSite(),
      segments: this.#segments,
      ...(length !== undefined && { length }),
      ...(memory && { source: rangeOver(memory.of, memory.axis) }),
      ...(streams !== undefined && { streams }),
      ...(begin && { begin }),
      ...(shapes && { shapes }),
    });
    this.#addParameters(module, prefix, lowered);
    this.#states.push(...lowered.states);
    for (const [name, id] of lowered.values) this.#named.set(`${prefix}.${name}`, this.#withoutRest(id, place));
    return lowered;
  }

  /** The memory as a value along an axis. */
  #read({ of: { bound }, axis }: NonNullable<Place['memory']>): Bound {
    return { ...bound, id: this.#builder.rename(bound.id, axis), ofSource: true };
  }

  /** What is traced of a value: 0 where the sequence goes on beyond the source that the value is of. */
  #withoutRest(id: number, { side: { length }, memory }: Place): number {
    const builder = this.#builder;
    const ends = (['time', 'time*'] as const).flatMap((axis) => {
      if (length !== undefined) return [{ axis, length }];
      return memory?.of.cut && memory.axis === axis ? [{ axis, length: memory.of.length() }] : [];
    });
    return ends
      .filter(({ axis }) => builder.at(id).over.includes(axis))
      .reduce((value, end) => builder.where(end.length, builder.position(end.axis), value, builder.constant(0)), id);
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

/** @throws UnrolledError `NETWORK_MISFIT` where something needs a source that is not there, or can't be one */
function checkSource({ source, layers, attention, loss }: NetworkDescription): void {
  const refuse = (sentence: string, mend: string): never => {
    throw new UnrolledError('NETWORK_MISFIT', sentence, { mend });
  };
  const begins = (all: readonly LayerDescription[]) => all.findIndex(({ begin }) => begin !== undefined);
  const nameOf = (all: readonly LayerDescription[]) => `Layer ${begins(all)} (${all[begins(all)]?.module.name})`;
  if (!source && begins(layers) >= 0)
    refuse(
      `${nameOf(layers)} has first values from a memory, but the network has no source.`,
      'Give the network a source, or leave begin out.',
    );
  if (!source && attention)
    refuse(
      `The attention "${attention.name}" reads a memory, but the network has no source.`,
      'Give the network a source, or leave attention out.',
    );
  if (source?.kind === 'encoder' && begins(source.layers) >= 0)
    refuse(
      `${nameOf(source.layers)} of the encoder has first values from a memory, which is what the encoder is to make.`,
      'Leave begin out of the layers of an encoder.',
    );
  if (source?.kind === 'encoder' && source.input.kind === 'bag')
    refuse(
      'The source of the encoder is a bag, which has no order to be read in.',
      'Give it token numbers or vectors.',
    );
  if (source?.kind === 'memory' && source.direction === 'both' && source.size % 2 !== 0)
    refuse(`A memory of ${source.size} units can't be that of a two-way layer.`, 'Give it an even size.');
  if (source?.kind === 'memory' && loss)
    refuse(
      `The network takes one step with a memory that it is handed, but it has a loss "${loss.name}".`,
      'Leave the loss out, or train the encoder–decoder as one network.',
    );
}

/** Units that were computed one way after the other, so many each. */
function partsOf(ways: readonly boolean[], size: number): readonly Part[] {
  return ways.map((reverse, index) => ({ from: index * size, to: (index + 1) * size, reverse }));
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
