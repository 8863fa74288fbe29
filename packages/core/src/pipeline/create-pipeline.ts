// The pipeline: what a resolved manifest can do. It owns the model that its runs make.
import type { Learns } from '../contracts/plugins.ts';
import type { FittedModel } from '../model/fitted.ts';
import { encodeModel } from '../model/format.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import type { Examples } from './examples.ts';
import { type FinalCheckpoint, fit } from './fit.ts';
import { createModel } from './model.ts';
import type { AnyAccuracy, History, Progress } from './progress.ts';
import { notFitted, runInProgress } from './refusals.ts';
import { type Run, type RunControl, startRun } from './run.ts';
import { type CheckedSettings, checkSettings, type FitSettings } from './settings.ts';
import { trainingPieces } from './training-pieces.ts';
import type { Pipeline } from './types.ts';

/** A model, and the checkpoint that it was trained up to. */
interface Held {
  readonly model: FittedModel;
  readonly checkpoint: FinalCheckpoint | undefined;
}

/**
 * A pipeline of resolved pieces. `predict`, `evaluate` and `save` work once a fit has made its first update; during a fit they
 * see the weights of the moment.
 */
export function createPipeline<Label extends string = string, L extends Learns = 'label'>(
  resolved: ResolvedPipeline,
): Pipeline<Label, L> {
  let held: Held | undefined;
  let running = false;

  const present = (): Held => {
    if (held) return held;
    throw notFitted();
  };

  const run = async (
    data: Examples,
    settings: CheckedSettings,
    control: RunControl<Progress<AnyAccuracy>>,
  ): Promise<History<AnyAccuracy>> => {
    const before = held;
    const take = (model: FittedModel, checkpoint?: FinalCheckpoint): void => {
      held = { model, checkpoint };
    };
    try {
      return await fit(resolved, trainingPieces(resolved), data, settings, control, { take });
    } finally {
      held = keepBetter(before, held);
      running = false;
    }
  };

  const start = (data: Examples, given: FitSettings<Label> = {}): Run<History<AnyAccuracy>, Progress<AnyAccuracy>> => {
    if (running) throw runInProgress();
    const settings = checkSettings(given);
    trainingPieces(resolved);
    running = true;
    return startRun((control) => run(data, settings, control), settings.signal);
  };

  const model = createModel<Label, L>(
    () => present().model,
    ({ slim = false }) => encodeModel(present().model, slim ? undefined : present().checkpoint?.()),
  );
  // What cleans up after a run that failed would hide why by an error of its own.
  const dispose = (): void => held?.model.executable.dispose();
  return { ...model, dispose, manifest: resolved.manifest, fit: start as Pipeline<Label, L>['fit'] };
}

/** The model after a run, or the one before it where the run made no update; the other is freed. */
function keepBetter(before: Held | undefined, after: Held | undefined): Held | undefined {
  if (before === after) return before;
  const learned = after !== undefined && after.model.record.updates > 0;
  const dropped = learned ? before : after;
  dropped?.model.executable.dispose();
  return learned ? after : before;
}
