// A model that lives in a worker, with the methods of one that lives here.

import type { Learns } from '../contracts/plugins.ts';
import { checkBatchSize } from '../pipeline/batch-size.ts';
import { evaluateKeys, generateKeys, predictKeys } from '../pipeline/inference-settings.ts';
import type { Evaluations } from '../pipeline/metrics/evaluation.ts';
import { notFitted } from '../pipeline/refusals.ts';
import { startRun } from '../pipeline/run.ts';
import { checkKnown } from '../pipeline/setting-checks.ts';
import type {
  DecodeSettings,
  InferenceSettings,
  Model,
  ModelInfo,
  ModelInput,
  StreamedPrediction,
  StreamPiece,
} from '../pipeline/types.ts';
import type { Channel } from './channel.ts';
import type { Offers } from './offers.ts';
import { packExample } from './pack-example.ts';
import type { Answer, Id, WorkerMethods } from './protocol.ts';

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
export function remoteModel<Label extends string, L extends Learns>(
  link: Link,
  id: Id,
  info: () => ModelInfo | undefined,
): Model<Label, L> {
  const { channel, offers } = link;
  const present = (): ModelInfo<Label> => {
    const found = info();
    if (!found) throw notFitted();
    return found as ModelInfo<Label>;
  };
  const predict = (inputs: unknown, settings: InferenceSettings & DecodeSettings = {}): unknown => {
    checkBatchSize(settings, predictKeys, 'predict');
    if (Array.isArray(inputs)) return channel.call('predict', id, inputs.map(packExample) as ModelInput[], settings);
    if (isObject(inputs) && (Symbol.iterator in inputs || Symbol.asyncIterator in inputs))
      return streamOf(link, id, inputs, settings);
    return channel.call('predict', id, packExample(inputs) as ModelInput, settings);
  };
  return {
    info: present,
    predict: predict as Model<Label, L>['predict'],
    step: async (piece, before) => {
      const packed = isObject(piece) && 'tokens' in piece ? { tokens: piece.tokens } : packExample(piece);
      const found: object = await channel.call('step', id, packed as StreamPiece, before);
      return found as StreamedPrediction<Label, L>;
    },
    generate: (prompt, given = {}) => {
      present();
      checkKnown(given, generateKeys, 'generate');
      const { signal, ...settings } = given;
      const text = link.nextId();
      channel.tell('generate', id, text, prompt && (packExample(prompt) as StreamPiece), settings);
      return startRun(async (control) => {
        for (;;) {
          if (control.stopping()) channel.tell('stopText', text);
          const read = await channel.call('readToken', text);
          if ('text' in read) return read.text;
          await control.report(read.token);
        }
      }, signal);
    },
    evaluate: async (data, settings = {}) => {
      checkBatchSize(settings, evaluateKeys, 'evaluate');
      const offer = offers.open();
      try {
        const found = await channel.call('evaluate', id, offer.source(data, packExample), settings);
        return found as Evaluations<Label>[L];
      } finally {
        offer.end();
      }
    },
    toFiles: (settings = {}) => channel.call('toFiles', id, settings),
    save: (path, settings = {}) => channel.call('save', id, path, settings),
    anatomy: async () => {
      const anatomy = link.nextId();
      const { network, parameters } = await channel.call('anatomy', id, anatomy);
      const batch = (input: ModelInput, target?: string | number) =>
        channel.call('batch', anatomy, packExample(input) as ModelInput, target);
      return { network, parameters, batch };
    },
    dispose: () => {
      if (info()) channel.tell('dispose', id);
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
  settings: InferenceSettings & DecodeSettings,
): AsyncGenerator<Answer, void, void> {
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
