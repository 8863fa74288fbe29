// What every trained model offers, over whatever holds it: a loaded one, or the present one of a pipeline.
import type { FittedModel } from '../model/fitted.ts';
import { anatomyOf } from './anatomy.ts';
import { checkBatchSize } from './batch-size.ts';
import { byLabel } from './by-label.ts';
import { evaluate } from './evaluate.ts';
import { predictMany, predictStream } from './predict.ts';
import { stepOn } from './step.ts';
import type { FileSettings, InferenceSettings, Model, ModelInfo, ModelInput, Prediction } from './types.ts';

/**
 * The methods of a model.
 * @param held - gives the model; throws `NOT_FITTED` where there is none.
 * @param toFiles - gives its files.
 */
export function createModel<Label extends string>(
  held: () => FittedModel,
  toFiles: (settings: FileSettings) => Promise<Map<string, Uint8Array>>,
): Model<Label> {
  const one = async (input: ModelInput): Promise<Prediction<Label>> => {
    const [prediction] = await predictMany<Label>(held(), [input], 1);
    return prediction as Prediction<Label>;
  };
  const many = async (inputs: readonly ModelInput[], batchSize: number): Promise<readonly Prediction<Label>[]> =>
    predictMany<Label>(held(), inputs, batchSize);
  const stream = async function* (inputs: Iterable<ModelInput> | AsyncIterable<ModelInput>, batchSize: number) {
    yield* predictStream<Label>(held(), inputs, batchSize);
  };
  const predict = (inputs: unknown, settings: InferenceSettings = {}): unknown => {
    const batchSize = checkBatchSize(settings);
    if (Array.isArray(inputs)) return many(inputs, batchSize);
    const iterable = typeof inputs === 'object' && inputs !== null;
    if (iterable && (Symbol.iterator in inputs || Symbol.asyncIterator in inputs))
      return stream(inputs as Iterable<ModelInput> | AsyncIterable<ModelInput>, batchSize);
    return one(inputs as ModelInput);
  };
  return {
    info: () => infoOf<Label>(held()),
    predict: predict as Model<Label>['predict'],
    step: async (piece, before) => stepOn<Label>(held(), piece, before),
    evaluate: async (data, settings = {}) => {
      checkBatchSize(settings);
      return evaluate<Label>(held(), data, settings);
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
  const { threshold, temperature, dataHash, settings, metrics, labelCounts } = record;
  return {
    labels: labels.shown as readonly Label[],
    labelCounts: byLabel<Label, number>(labels, labelCounts),
    threshold,
    temperature,
    dataHash,
    settings,
    metrics,
  };
}
