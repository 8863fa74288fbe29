// A model that lives in a worker, with the methods of one that lives here.

import { checkBatchSize } from '../pipeline/batch-size.ts';
import type { Evaluation } from '../pipeline/metrics/evaluation.ts';
import { notFitted } from '../pipeline/refusals.ts';
import type {
  InferenceSettings,
  Model,
  ModelInfo,
  ModelInput,
  Prediction,
  StreamedPrediction,
  StreamPiece,
} from '../pipeline/types.ts';
import type { Channel } from './channel.ts';
import type { Offers } from './offers.ts';
import { packExample } from './pack-example.ts';
import type { Id, WorkerMethods } from './protocol.ts';

/** The way to the worker. */
export interface Link {
  /** Calls it. */
  readonly channel: Channel<WorkerMethods>;
  /** What it may read here. */
  readonly offers: Offers;
  /** A number for the next thing that lives there. */
  readonly nextId: () => Id;
}

/** The methods of model `id`. @param info - what it holds; undefined where it has learned nothing yet. */
export function remoteModel<Label extends string>(link: Link, id: Id, info: () => ModelInfo | undefined): Model<Label> {
  const { channel, offers } = link;
  const present = (): ModelInfo<Label> => {
    const found = info();
    if (!found) throw notFitted();
    return found as ModelInfo<Label>;
  };
  const predict = (inputs: unknown, settings: InferenceSettings = {}): unknown => {
    checkBatchSize(settings);
    if (Array.isArray(inputs)) return channel.call('predict', id, inputs.map(packExample) as ModelInput[], settings);
    if (isObject(inputs) && (Symbol.iterator in inputs || Symbol.asyncIterator in inputs))
      return streamOf(link, id, inputs, settings);
    return channel.call('predict', id, packExample(inputs) as ModelInput, settings);
  };
  return {
    info: present,
    predict: predict as Model<Label>['predict'],
    step: async (piece, before) => {
      const packed = isObject(piece) && 'tokens' in piece ? { tokens: piece.tokens } : packExample(piece);
      return (await channel.call('step', id, packed as StreamPiece, before)) as StreamedPrediction<Label>;
    },
    evaluate: async (data, settings = {}) => {
      const offer = offers.open();
      try {
        const found = await channel.call('evaluate', id, offer.source(data, packExample), settings);
        return found as Evaluation<Label>;
      } finally {
        offer.end();
      }
    },
    toFiles: (settings = {}) => channel.call('toFiles', id, settings),
    save: (path, settings = {}) => channel.call('save', id, path, settings),
    anatomy: async () => {
      const anatomy = link.nextId();
      const { network, parameters } = await channel.call('anatomy', id, anatomy);
      const batch = (input: ModelInput, label?: string) =>
        channel.call('batch', anatomy, packExample(input) as ModelInput, label);
      return { network, parameters, batch };
    },
    dispose: () => {
      present();
      channel.tell('dispose', id);
    },
  };
}

function isObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null;
}

/** Predictions for a stream, in its order; begins when it is first asked. */
async function* streamOf(
  { channel, offers, nextId }: Link,
  id: Id,
  inputs: object,
  settings: InferenceSettings,
): AsyncGenerator<Prediction, void, void> {
  const offer = offers.open();
  const stream = nextId();
  let ended = false;
  try {
    channel.tell('openStream', id, stream, offer.source(inputs, packExample), settings);
    for (;;) {
      const predictions = await channel.call('readStream', stream);
      if (!predictions) break;
      yield* predictions;
    }
    ended = true;
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (!ended) await channel.call('leaveStream', stream);
    offer.end();
  }
}
