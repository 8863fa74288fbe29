// The record of a trained model: everything about it but weights and vocabulary.

import type { Plugin } from '../contracts/plugins.ts';
import type { ModelRecord, Piece } from '../model/record.ts';
import type { Chosen, ResolvedPipeline } from '../resolved.ts';
import type { Finish } from './finish.ts';
import type { Prepared } from './prepare.ts';
import type { Session } from './session.ts';
import { recordSettings } from './settings.ts';

/** Before training has found anything. */
export const nothingFound: Finish = { temperature: 1, threshold: undefined, restoredEpoch: undefined, metrics: {} };

/** The record of a model as it stands. */
export function recordModel(
  resolved: ResolvedPipeline,
  prepared: Prepared,
  session: Session,
  updates: number,
  { temperature, threshold, metrics }: Finish,
): ModelRecord {
  const { manifest, tokenizer, vectorizer, targetTokenizer, targetVectorizer, learns, backend } = resolved;
  const { maximumLength } = session.settings;
  return {
    manifest,
    ...(tokenizer && { tokenizer: piece(tokenizer) }),
    vectorizer: piece(vectorizer),
    ...(learns !== 'label' && { learns }),
    ...(targetTokenizer && { targetTokenizer: piece(targetTokenizer) }),
    ...(targetVectorizer && { targetVectorizer: piece(targetVectorizer) }),
    backend: { ...piece(backend), settings: backend.settings },
    network: session.network,
    link: session.link,
    labels: prepared.labels.pairs,
    labelCounts: prepared.labelCounts,
    ...(prepared.scale && { scale: prepared.scale }),
    temperature,
    ...(threshold !== undefined && { threshold }),
    ...(maximumLength !== undefined && { maximumLength }),
    settings: recordSettings(session.settings),
    dataHash: prepared.dataHash,
    updates,
    metrics,
  };
}

function piece({ plugin, options }: Chosen<Plugin>): Piece {
  return { use: plugin.name, with: options, package: plugin.package };
}
