// The loop over epochs and batches: it moves a training state forward, one call of the trainer after the other.
import { stepsOf } from './batch.ts';
import { createBreathe } from './breathe.ts';
import type { CheckpointWriter } from './checkpoints.ts';
import { shouldStop } from './early-stopping.ts';
import { endEpoch } from './end-epoch.ts';
import { planEpoch } from './epoch-plan.ts';
import { createLastGoodWeights } from './last-good-weights.ts';
import type { AnyAccuracy, Progress, StopReason } from './progress.ts';
import type { RunControl } from './run.ts';
import type { Session } from './session.ts';
import { createStopwatch } from './stopwatch.ts';
import { type Place, type Training, trainBatch } from './train-batch.ts';
import type { TrainingState } from './training-state.ts';

/** What the loop is watched and helped by. */
export interface TrainingHooks extends RunControl<Progress<AnyAccuracy>> {
  /** Where checkpoints go, if anywhere. */
  readonly checkpoints: CheckpointWriter | undefined;
}

/**
 * Trains from `state` on, changing it, until all epochs are done, early stopping ends it or it is asked to stop.
 * @throws UnrolledError `TRAINING_DIVERGED` with the last good weights restored and `state.updates` theirs;
 * `CHECKPOINT_WRITE_FAILED`; `TRAINER_INCOMPLETE`; whatever the backend throws.
 */
export async function train(session: Session, state: TrainingState, hooks: TrainingHooks): Promise<StopReason> {
  const { parameters } = await session.executable.read();
  const good = createLastGoodWeights(parameters, state.updates);
  const { checkpoints } = hooks;
  const training: Training = { session, state, good, checkpoints, stopwatch: createStopwatch() };
  const reasonToStop = () => courseOver(session, state) ?? hooks.stopping();
  const breathe = createBreathe();
  let reason = reasonToStop();
  while (!reason) {
    for await (const progress of trainEpoch(training)) {
      await hooks.report(progress);
      reason = reasonToStop();
      if (reason) break;
      await breathe();
    }
    if (!reason) good.keep((await session.executable.read()).parameters, state.updates);
  }
  return reason;
}

/** Why the run is over by itself, if it is. */
function courseOver({ settings }: Session, state: TrainingState): StopReason | undefined {
  if (state.epoch >= settings.epochs) return 'finished';
  const { earlyStopping } = settings;
  return earlyStopping && shouldStop(state.stopping, earlyStopping) ? 'early' : undefined;
}

/** The rest of an epoch, a report for each call of the trainer. */
async function* trainEpoch(training: Training): AsyncGenerator<Progress<AnyAccuracy>, void, void> {
  const { session, state, stopwatch, checkpoints } = training;
  const { batchSize, seed, epochs } = session.settings;
  const lengths = session.training.sequences.map(stepsOf);
  const plan = planEpoch(lengths, batchSize, seed, state.epoch);
  const epoch = state.epoch + 1;
  for (let index = state.batch; index < plan.length; index += 1) {
    const place: Place = { epoch, epochs, batch: index + 1, batches: plan.length };
    for await (const { updated, whole, ...step } of trainBatch(training, plan[index] as Int32Array, place)) {
      const isLast = whole && index + 1 === plan.length;
      const ended = isLast ? await endEpoch(training, place) : undefined;
      if (checkpoints?.due(state, updated, isLast)) await keepCheckpoint(training, checkpoints);
      yield { ...place, ...step, elapsed: stopwatch.total(), ...(ended && { ended }) };
      stopwatch.lap(); // how long the report was looked at is no time of training
    }
  }
}

/** Writes a checkpoint of the run as it stands. @throws UnrolledError `CHECKPOINT_WRITE_FAILED` */
async function keepCheckpoint({ session, state, good }: Training, checkpoints: CheckpointWriter): Promise<void> {
  const snapshot = await session.executable.read();
  await checkpoints.write(state, snapshot);
  good.keep(snapshot.parameters, state.updates);
}
