// What every trained model offers, over whatever holds it: a loaded one, or the present one of a pipeline.
import type { Learns } from '../contracts/plugins.ts';
import type { FittedModel } from '../model/fitted.ts';
import { learnsOfModel } from '../model/record.ts';
import { anatomyOf } from './anatomy.ts';
import { checkBatchSize } from './batch-size.ts';
import { byLabel } from './by-label.ts';
import { evaluate } from './evaluate.ts';
import { generate } from './generate.ts';
import { evaluateKeys, predictKeys } from './inference-settings.ts';
import { type PredictOptions, predictMany, predictStream } from './predict.ts';
import { stepOn } from './step.ts';
import type {
  DecodeSettings,
  FileSettings,
  InferenceSettings,
  Model,
  ModelInfo,
  ModelInput,
  StreamedPrediction,
} from './types.ts';

/**
 * The methods of a model.
 * @param held - gives the model; throws `NOT_FITTED` where there is none.
 * @param toFiles - gives its files.
 */
export function createModel<Label extends string, L extends Learns>(
  held: () => FittedModel,
  toFiles: (settings: FileSettings) => Promise<Map<string, Uint8Array>>,
): Model<Label, L> {
  const one = async (input: ModelInput, options: PredictOptions) => {
    const [prediction] = await predictMany<L>(held(), [input], { ...options, batchSize: 1 });
    return prediction;
  };
  const many = async (inputs: readonly ModelInput[], options: PredictOptions) =>
    predictMany<L>(held(), inputs, options);
  const stream = async function* (inputs: Iterable<ModelInput> | AsyncIterable<ModelInput>, options: PredictOptions) {
    yield* predictStream<L>(held(), inputs, options);
  };
  const predict = (inputs: unknown, settings: InferenceSettings & DecodeSettings = {}): unknown => {
    const options = { batchSize: checkBatchSize(settings, predictKeys, 'predict'), decode: settings };
    if (Array.isArray(inputs)) return many(inputs, options);
    const iterable = typeof inputs === 'object' && inputs !== null;
    if (iterable && (Symbol.iterator in inputs || Symbol.asyncIterator in inputs))
      return stream(inputs as Iterable<ModelInput> | AsyncIterable<ModelInput>, options);
    return one(inputs as ModelInput, options);
  };
  return {
    info: () => infoOf<Label>(held()),
    predict: predict as Model<Label, L>['predict'],
    step: async (piece, before) => (await stepOn<L>(held(), piece, before)) as StreamedPrediction<Label, L>,
    generate: (prompt, settings = {}) => generate(held(), prompt, settings),
    evaluate: async (data, settings = {}) => {
      checkBatchSize(settings, evaluateKeys, 'evaluate');
      return evaluate<Label, L>(held(), data, settings);
    },
    toFiles: async (settings = {}) => toFiles(settings),
    save: async (path, settings = {}) => {
      const { saveFolder } = await import('../node/save-folder.ts');
      await saveFolder(path, await toFiles(settings));
    },
    anatomy: async () => anatomyOf(held()),
    dispose: () => held().executable.dispose(),
  };
}

function infoOf<Label extends string>({ record, labels }: FittedModel): ModelInfo<Label> {
  const { threshold, temperature, dataHash, settings, metrics, labelCounts, scale } = record;
  return {
    learns: learnsOfModel(record),
    labels: labels.shown as readonly Label[],
    labelCounts: byLabel<Label, number>(labels, labelCounts),
    numbers: scale,
    threshold,
    temperature,
    dataHash,
    settings,
    metrics,
  };
}
