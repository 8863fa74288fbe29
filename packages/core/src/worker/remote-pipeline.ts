// A pipeline that lives in a worker, with the methods of one that lives here.
import type { Learns } from '../contracts/plugins.ts';
import type { Examples } from '../pipeline/examples.ts';
import type { History, Progress, StopReason } from '../pipeline/progress.ts';
import { runInProgress } from '../pipeline/refusals.ts';
import type { Run } from '../pipeline/run.ts';
import { type CheckedSettings, checkSettings, type FitSettings } from '../pipeline/settings.ts';
import { trainingPieces } from '../pipeline/training-pieces.ts';
import type { ModelInfo, Pipeline } from '../pipeline/types.ts';
import { plainCopy } from '../registry/read.ts';
import { LANGUAGE, MANIFEST_FORMAT } from '../registry/versions.ts';
import type { ManifestData } from '../resolved.ts';
import type { Offer } from './offers.ts';
import { packExample } from './pack-example.ts';
import type { Id, RunEnd, SentSettings } from './protocol.ts';
import { type Link, remoteModel } from './remote-model.ts';
import { followRun } from './remote-run.ts';

/** What the caller knows of a pipeline in the worker. */
export interface PipelineState {
  /** What it holds; undefined where it has learned nothing yet. */
  info: ModelInfo | undefined;
}

/**
 * A pipeline of a manifest, which the worker checks: what is wrong with it is said by the first call.
 * @param follow - told which run changes which pipeline.
 * @throws UnrolledError `MANIFEST_INVALID` for what is no plain data
 */
export function remotePipeline<Label extends string, L extends Learns>(
  link: Link,
  given: unknown,
  follow: (run: Id, state: PipelineState | undefined) => void,
): Pipeline<Label, L> {
  const { channel, offers, nextId } = link;
  const id = nextId();
  const manifest: ManifestData = {
    format: MANIFEST_FORMAT,
    language: LANGUAGE,
    ...(plainCopy(given, '') as ManifestData),
  };
  const state: PipelineState = { info: undefined };
  let running = false;
  channel.tell('pipeline', id, manifest);

  const finish = ({ history, error, info, rest }: RunEnd, add: (progress: Progress) => void): History => {
    state.info = info;
    rest.forEach(add);
    if (history) return history;
    throw error ? channel.errors.receive(error) : new Error('The run ended without a history.');
  };

  const fit = (data: Examples, settings: FitSettings<Label> = {}): Run => {
    if (running) throw runInProgress();
    const checked = checkSettings(settings);
    trainingPieces(manifest as { readonly trainer?: unknown; readonly optimizer?: unknown });
    running = true;
    const run = nextId();
    const offer = offers.open();
    const { signal } = checked;
    follow(run, state);
    const ended = channel.call(
      'fit',
      id,
      run,
      offer.source(data, packExample),
      sent(checked, offer),
      !!signal?.aborted,
    );
    const end = async (add: (progress: Progress) => void): Promise<History> => {
      try {
        return finish(await ended, add);
      } finally {
        running = false;
        follow(run, undefined);
        offer.end();
      }
    };
    const stop = (reason: StopReason): void => channel.tell('stop', run, reason);
    return followRun({ end, report: () => channel.call('report', run), stop }, signal);
  };
  return { ...remoteModel<Label, L>(link, id, () => state.info), manifest, fit: fit as Pipeline<Label, L>['fit'] };
}

/** Settings without what can't cross. */
function sent({ signal: _, validation, checkpoint, resume, ...plain }: CheckedSettings, offer: Offer): SentSettings {
  return {
    ...plain,
    validation: typeof validation === 'object' ? offer.source(validation, packExample) : validation,
    checkpoint: checkpoint && { ...checkpoint, to: offer.store(checkpoint.to) },
    resume: offer.store(resume),
  };
}
