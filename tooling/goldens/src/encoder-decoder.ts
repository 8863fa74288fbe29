// Encoder–decoders with everything that PyTorch computed for them, and what a backend compiles of each.
import { lstmCell } from '@unrolled/cell-lstm';
import { vanillaCell } from '@unrolled/cell-vanilla';
import type { EquationModule, InputDescription, LayerDescription, NetworkDescription } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import file from '../data/encoder-decoder.json' with { type: 'json' };
import { lookUp } from './description.ts';
import type { GoldenLayer, GoldenNetwork } from './network.ts';
import { type GoldenCase, readCase } from './recurrent.ts';

/** An encoder–decoder in words. */
export interface EncoderDecoderNetwork {
  readonly input: GoldenNetwork['input'];
  readonly source: { readonly input: GoldenNetwork['input']; readonly layers: readonly GoldenLayer[] };
  /** `attending` looks at the memory before each step (Bahdanau et al. 2015). */
  readonly layers: readonly {
    readonly cell: GoldenLayer['cell'] | 'attending';
    readonly units: number;
    readonly direction: 'forward';
  }[];
  /** Whether states begin with values computed of the memory's last step. */
  readonly begin: boolean;
  /** After the decoder's layers (Luong et al. 2015). */
  readonly attention?: 'multiplicative' | 'additive';
  /** Number of classes at each step. */
  readonly size: number;
}

/** One case. */
export type EncoderDecoderCase = GoldenCase<EncoderDecoderNetwork>;

/** Cases by PyTorch in float64: sources longer than targets and the other way round, some without steps. */
export function encoderDecoderCases(): readonly EncoderDecoderCase[] {
  return file.cases.map((written) => readCase<EncoderDecoderNetwork>(written));
}

const ATTENTION_UNITS = 3;

const attending = `
  k[s] = Wk @ m[s]
  e[t,s] = v · tanh(Wq @ h[t-1] + k[s])
  a[t,s] = softmax_s(e[t,s])
  c[t] = sum_s(a[t,s] * m[s])
  h[t] = tanh(Wxh @ x[t] + Wch @ c[t] + Whh @ h[t-1] + bh)
`;

const multiplicative = `
  k[s] = Wa @ m[s]
  e[t,s] = h[t] · k[s]
  a[t,s] = softmax_s(e[t,s])
  c[t] = sum_s(a[t,s] * m[s])
  o[t] = tanh(Wc @ [h[t]; c[t]] + bc)
`;

const additive = `
  e[t,s] = v · tanh(Wq @ h[t] + Wk @ m[s])
  a[t,s] = softmax_s(e[t,s])
  c[t] = sum_s(a[t,s] * m[s])
  o[t] = [h[t]; c[t]]
`;

/** Describes a golden's network. */
export function describeEncoderDecoder(network: EncoderDecoderNetwork): NetworkDescription {
  const { input, source, layers, begin, attention, size } = network;
  return {
    language: 1,
    input: inputOf(input),
    source: { kind: 'encoder', input: inputOf(source.input), layers: source.layers.map(layerOf) },
    layers: layers.map((layer) => ({ ...layerOf(layer), ...(begin && { begin: beginOf(layer.cell) }) })),
    ...(attention && { attention: attentionOf(attention) }),
    output: module('steps', 'y[t] = Why @ h[t] + by', 'y', { Why: ['size', 'hidden'], by: ['size'] }, { size }),
    loss: categoricalCrossEntropy.module({}),
    target: { kind: 'class', size, per: 'step' },
  };
}

function inputOf(input: GoldenNetwork['input']): InputDescription {
  if (input.kind === 'vectors' || input.embedding === undefined) return input;
  return { kind: 'ids', vocabulary: input.vocabulary, module: lookUp(input.embedding) };
}

function layerOf({ cell, units, direction }: EncoderDecoderNetwork['layers'][number] | GoldenLayer): LayerDescription {
  return { module: cellOf(cell, units), direction, dropout: {} };
}

function cellOf(cell: GoldenLayer['cell'] | 'attending', units: number): EquationModule {
  if (cell === 'lstm') return lstmCell({ units });
  if (cell === 'vanilla') return vanillaCell({ units });
  const parameters = { Wk: ['aligned', 'memory'], Wq: ['aligned', 'units'], v: ['aligned'] };
  const others = { Wxh: undefined, Wch: undefined, Whh: undefined, bh: undefined };
  return module('attending', attending, 'h', { ...parameters, ...others }, { units, aligned: ATTENTION_UNITS });
}

function beginOf(cell: GoldenLayer['cell'] | 'attending'): EquationModule {
  const hidden = 'p = last_s(m[s])\nh = tanh(Wb @ p + bb)';
  if (cell !== 'lstm') return module('begin', hidden, 'h', { Wb: undefined, bb: undefined });
  return module('begin', `${hidden}\nc = Wc @ p`, 'h', { Wb: undefined, bb: undefined, Wc: undefined });
}

function attentionOf(kind: 'multiplicative' | 'additive'): EquationModule {
  if (kind === 'multiplicative')
    return {
      ...module(kind, multiplicative, 'o', { Wa: undefined, Wc: undefined, bc: undefined }),
      shapes: { o: ['hidden'] },
    };
  return module(kind, additive, 'o', { v: ['aligned'], Wq: undefined, Wk: undefined }, { aligned: ATTENTION_UNITS });
}

function module(
  name: string,
  equations: string,
  output: string,
  parameters: Readonly<Record<string, readonly string[] | undefined>>,
  sizes: Readonly<Record<string, number>> = {},
): EquationModule {
  const described = Object.entries(parameters).map(([key, shape]) => [
    key,
    { init: { init: 'zeros' }, ...(shape && { shape }) },
  ]);
  return {
    name,
    equations,
    output,
    parameters: Object.fromEntries(described),
    sizes,
    constants: {},
    shapes: {},
    initial: {},
  };
}
