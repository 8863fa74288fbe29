// What a summary says about a network, from a saved model, from flags and data, or from flags alone.
import {
  BOUNDARY,
  chooseObjective,
  decodeSafetensors,
  describeNetwork,
  type Encoder,
  type Executable,
  isUnrolledError,
  type Json,
  type Learns,
  type NetworkDescription,
  type ResolvedPipeline,
  UnrolledError,
} from '@unrolled/core';
import type { Context } from '../context.ts';
import { labelledExamples, splitsOf, TRAINING_SPLITS } from '../data.ts';
import { openModel } from '../model.ts';
import { resolveFromFlags } from '../resolve.ts';
import { counted } from '../show/number.ts';
import { type NetworkPart, networkParts, type Shaped, sizeOf } from './parts.ts';

/** A network, part by part. */
export interface Summary {
  /** Numbers or features that enter at each step. */
  readonly input: string;
  /** What the task learns. */
  readonly learns: Learns;
  /** Number of labels, or of tokens that may come next; their names where they are known. */
  readonly labels: { readonly count: number; readonly names: readonly string[] | undefined };
  readonly parts: readonly NetworkPart[];
  readonly parameters: number;
  /** What the weights take. */
  readonly bytes: number;
  readonly precision: 'float32' | 'float64';
  /** What a training step takes, where the backend can tell. */
  readonly training?: TrainingStep;
  /** Facts of a trained model. */
  readonly model?: Readonly<Record<string, Json>>;
  /** What was assumed, since nothing says it. */
  readonly assumed: readonly string[];
}

/** Memory of a step on batches of one shape. */
export interface TrainingStep {
  readonly batchSize: number;
  /** Steps of the longest sequence. */
  readonly steps: number;
  /** Everything at once at the most, and what the batch would take of it if all were stored. */
  readonly bytes: { readonly peak: number; readonly activations: number };
  /** Steps computed once more to stay within the memory asked for. */
  readonly recomputedSteps: number;
}

/** Of a saved model. @throws UnrolledError what loading throws */
export async function summarizeModel(folder: string, context: Context): Promise<Summary> {
  const model = await openModel(folder, context);
  const files = await model.toFiles({ slim: true });
  const info = model.info();
  model.dispose();
  const manifest = JSON.parse(new TextDecoder().decode(files.get('manifest.json')));
  const { tensors } = decodeSafetensors(files.get('weights.safetensors') as Uint8Array);
  const parameters = [...tensors].map(([name, { shape }]) => ({ name, shape }));
  const float64 = [...tensors.values()].some(({ data }) => data instanceof Float64Array);
  const { temperature, threshold, dataHash, settings, metrics } = info;
  const { calibration: _calibration, confusion: _confusion, labels: _labels, ...measures } = metrics;
  return {
    ...summaryOf(manifest.network, parameters, float64 ? 'float64' : 'float32'),
    learns: info.learns,
    labels:
      info.labels.length > 0
        ? { count: info.labels.length, names: info.labels }
        : { count: manifest.network.target.size, names: undefined },
    model: {
      backend: manifest.backend.use,
      updates: manifest.updates,
      temperature,
      ...(threshold !== undefined && { threshold }),
      settings,
      validation: measures,
      dataHash,
      packages: manifest.packages,
    },
    assumed: [],
  };
}

/** Of the network that flags describe, for the vocabulary and labels of `data`, or for assumed ones. */
export async function summarizeManifest(data: string | undefined, context: Context): Promise<Summary> {
  const resolved = resolveFromFlags(context);
  const { learns } = resolved;
  if (learns === 'sequence')
    throw new UnrolledError('NOT_AVAILABLE', 'A network that generates a sequence is summed up from a saved model.', {
      mend: 'Train it, then name the model.',
    });
  const found = data === undefined ? assume(resolved, context) : await learn(resolved, data, context);
  const network = describeNetwork(
    resolved,
    { encoder: found.encoder, targetEncoder: undefined },
    chooseObjective(resolved, found.count),
  );
  const { plugin, options, settings } = resolved.backend;
  const executable = await plugin.compile(options)(network, settings);
  try {
    const parameters = executable.parameters.map(({ name, shape }) => ({ name, shape }));
    const steps = context.values.integer('steps', 1) ?? found.longest;
    const training = await trainingStep(executable, steps, context);
    return {
      ...summaryOf(network, parameters, settings.precision ?? plugin.precisions[0] ?? 'float32'),
      learns,
      labels: { count: found.count, names: found.names },
      ...(training && { training }),
      assumed: [...found.assumed, ...(training && steps === undefined ? [assumedSteps] : [])],
    };
  } finally {
    executable.dispose();
  }
}

const BATCH_SIZE = 32;
const STEPS = 200;
const assumedSteps = `texts of up to ${STEPS} tokens (--steps N, or name the data)`;

/** @throws UnrolledError `MEMORY_BUDGET` where a step takes more than --memory */
async function trainingStep(
  { summary }: Executable,
  given: number | undefined,
  { values }: Context,
): Promise<TrainingStep | undefined> {
  if (!summary) return undefined;
  const [batchSize, steps] = [values.integer('batch-size', 1) ?? BATCH_SIZE, given ?? STEPS];
  try {
    const { bytes, recomputedSteps } = await summary({ size: batchSize, time: steps });
    return { batchSize, steps, bytes: { peak: bytes.peak, activations: bytes.activations }, recomputedSteps };
  } catch (error) {
    throw given === undefined && isUnrolledError(error, 'MEMORY_BUDGET') ? withAssumption(error) : error;
  }
}

function withAssumption({ code, message, mend = '', data }: UnrolledError): UnrolledError {
  const fact = message.slice(0, message.length - mend.length).trimEnd();
  return new UnrolledError(code, `${fact} Assumed: ${assumedSteps}.`, { mend, data });
}

interface Fitted {
  readonly encoder: Encoder;
  readonly count: number;
  readonly names: readonly string[] | undefined;
  /** Tokens of the longest text, where there are texts. */
  readonly longest?: number;
  readonly assumed: readonly string[];
}

/** Reads the training part once for its vocabulary and labels. */
async function learn(
  { tokenizer, vectorizer, labels, learns }: ResolvedPipeline,
  data: string,
  context: Context,
): Promise<Fitted> {
  const tokenize = tokenizer?.plugin.create(tokenizer.options).tokenize;
  const fitter = vectorizer.plugin.fit(vectorizer.options);
  const seen = new Set<string>();
  let longest = 1;
  const splits = splitsOf(context, TRAINING_SPLITS);
  for await (const example of labelledExamples(data, splits, context, { learns, reads: vectorizer.plugin.reads })) {
    const { text = '', label, labels: each = [] } = example;
    const tokens = example.tokens ?? tokenize?.(text).map((token) => token.text) ?? [];
    fitter.add(learns === 'next' ? [...tokens, BOUNDARY] : tokens);
    longest = Math.max(longest, tokens.length);
    for (const one of label === undefined ? each : [label]) seen.add(one);
  }
  if (learns === 'next') return { ...nextOf(fitter.build()), longest, assumed: [] };
  if (learns === 'number') return { encoder: fitter.build(), count: 1, names: undefined, longest, assumed: [] };
  const names = labels?.map(({ shown }) => shown) ?? [...seen].sort((a, b) => (a < b ? -1 : 1));
  return { encoder: fitter.build(), count: names.length, names, longest, assumed: [] };
}

/** What comes next is one of the vocabulary. */
function nextOf(encoder: Encoder): Pick<Fitted, 'encoder' | 'count' | 'names'> {
  return {
    encoder,
    count: encoder.input.kind === 'ids' ? encoder.input.vocabulary : encoder.input.size,
    names: undefined,
  };
}

/** A vocabulary of so many made-up tokens, each as often as it has to be, and two labels unless they are named. */
function assume({ vectorizer, labels, learns }: ResolvedPipeline, { values }: Context): Fitted {
  if (vectorizer.plugin.reads !== 'tokens')
    throw new UnrolledError('ARGUMENT_INVALID', `vectorizer "${vectorizer.plugin.name}" reads numbers, not tokens.`, {
      mend: 'Name data, so that their size is known.',
    });
  const tokens = values.integer('vocabulary', 1) ?? 10_000;
  const times = Number(vectorizer.options.minimumCount ?? 1);
  const fitter = vectorizer.plugin.fit(vectorizer.options);
  for (let i = 0; i < tokens; i++) fitter.add(new Array<string>(times).fill(`token ${i}`));
  const assumedTokens = values.has('vocabulary')
    ? []
    : ['a vocabulary of 10,000 tokens (--vocabulary N, or name the data)'];
  if (learns === 'next') return { ...nextOf(fitter.build()), assumed: assumedTokens };
  if (learns === 'number') return { encoder: fitter.build(), count: 1, names: undefined, assumed: assumedTokens };
  const names = labels?.map(({ shown }) => shown);
  return {
    encoder: fitter.build(),
    count: names?.length ?? 2,
    names,
    assumed: [...assumedTokens, ...(names ? [] : ['two labels (--labels LIST, or name the data)'])],
  };
}

function summaryOf(
  network: NetworkDescription,
  shapes: readonly Shaped[],
  precision: 'float32' | 'float64',
): Omit<Summary, 'learns' | 'labels' | 'assumed'> {
  const { input } = network.source?.kind === 'encoder' ? network.source : network;
  const parameters = shapes.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return {
    input:
      input.kind === 'ids'
        ? `one of ${input.vocabulary} numbers at each step`
        : input.kind === 'bag'
          ? `a bag of ${counted(input.size, 'column')}`
          : `${counted(input.size, 'feature')} at each step`,
    parts: networkParts(network, shapes),
    parameters,
    bytes: parameters * (precision === 'float64' ? 8 : 4),
    precision,
  };
}
