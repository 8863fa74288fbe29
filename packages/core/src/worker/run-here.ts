// A run inside the worker: it goes at its own pace, keeps the reports that nobody asked for yet, and hears between two steps.
import type { Learns } from '../contracts/plugins.ts';
import { isUnrolledError } from '../errors.ts';
import { nextTask } from '../pipeline/breathe.ts';
import type { Progress, StopReason } from '../pipeline/progress.ts';
import type { Run } from '../pipeline/run.ts';
import type { FitSettings } from '../pipeline/settings.ts';
import type { ModelInfo, Pipeline } from '../pipeline/types.ts';
import type { Channel } from './channel.ts';
import type { CallerMethods, Id, RunEnd, SentSettings, SentSource } from './protocol.ts';
import { reachStore, readSource } from './read-source.ts';
import { createReports, type Reports } from './reports.ts';

type Caller = Channel<CallerMethods>;

/** A run that has begun. */
export interface RunHere {
  /** The next report; waits for one. Undefined: the run is over. */
  readonly next: () => Promise<Progress | undefined>;
  /** Stops it after the step that it is in. */
  readonly stop: (reason: StopReason) => void;
  /** How it ended; never rejects. */
  readonly ended: Promise<RunEnd>;
}

/** Begins a run of `pipeline`. @param aborted - whether its signal was aborted before it began. */
export function runHere(
  caller: Caller,
  pipeline: Pipeline<string, Learns>,
  id: Id,
  data: SentSource,
  settings: SentSettings,
  aborted: boolean,
): RunHere {
  const reports = createReports();
  const controller = new AbortController();
  if (aborted) controller.abort();
  const given = { ...settingsHere(caller, settings), signal: controller.signal };
  const run = pipeline.fit(readSource(caller, data) as never, given) as Run; // what it reports crosses as it is
  return {
    next: reports.next,
    stop: (reason) => {
      if (reason === 'aborted') controller.abort();
      else run.stop().catch(() => {}); // `ended` tells
    },
    ended: follow(caller, pipeline, id, run, reports),
  };
}

async function follow(
  caller: Caller,
  pipeline: Pipeline<string, Learns>,
  id: Id,
  run: Run,
  reports: Reports,
): Promise<RunEnd> {
  let begun = false;
  const end = (how: Pick<RunEnd, 'history' | 'error'>): RunEnd => {
    reports.end();
    return { ...how, info: infoOf(pipeline), rest: reports.rest() };
  };
  try {
    for await (const progress of run) {
      reports.add(progress);
      const info = begun ? undefined : infoOf(pipeline);
      if (info) caller.tell('begun', id, info);
      begun = true;
      await nextTask(); // messages come in: the run must stop at this step where it is told to
    }
    return end({ history: await run });
  } catch (error) {
    return end({ error: caller.errors.send(error) });
  }
}

/** What a pipeline holds; undefined where it has learned nothing yet. */
function infoOf(pipeline: Pipeline<string, Learns>): ModelInfo | undefined {
  try {
    return pipeline.info();
  } catch (error) {
    if (isUnrolledError(error, 'NOT_FITTED')) return undefined;
    throw error;
  }
}

function settingsHere(caller: Caller, { validation, checkpoint, resume, ...plain }: SentSettings): FitSettings {
  const all = {
    ...plain,
    validation: typeof validation === 'object' ? readSource(caller, validation) : validation,
    checkpoint: checkpoint && { ...checkpoint, to: reachStore(caller, checkpoint.to) },
    resume: reachStore(caller, resume),
  };
  return all as FitSettings;
}
