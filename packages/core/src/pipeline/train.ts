// The loop over epochs and batches: it moves a training state forward, one call of the trainer after the other.
import type { TrainerContext, TrainerProgress } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { labelledBatch } from './batch.ts';
import { createBreathe } from './breathe.ts';
import type { CheckpointWriter } from './checkpoints.ts';
import { diverged } from './diverged.ts';
import { afterEpoch, shouldStop } from './early-stopping.ts';
import { planEpoch } from './epoch-plan.ts';
import { inferPart } from './infer.ts';
import { createLastGoodWeights, type LastGoodWeights } from './last-good-weights.ts';
import { accuracyOf, confusionMatrix } from './metrics/confusion.ts';
import { answersOf, probabilitiesOf } from './probabilities.ts';
import type { EpochRecord, Progress, StopReason, ValidationRecord } from './progress.ts';
import type { RunControl } from './run.ts';
import type { Session } from './session.ts';
import { newSums, type TrainingState } from './training-state.ts';

/** What the loop is watched and helped by. */
export interface TrainingHooks extends RunControl {
  /** Where checkpoints go, if anywhere. */
  readonly checkpoints: CheckpointWriter | undefined;
}

/**
 * Trains from `state` on, changing it, until all epochs are done, early stopping ends it or it is asked to stop.
 * @throws UnrolledError `TRAINING_DIVERGED` with the last good weights restored and `state.updates` theirs;
 * `CHECKPOINT_WRITE_FAILED`; whatever the backend throws.
 */
export async function train(session: Session, state: TrainingState, hooks: TrainingHooks): Promise<StopReason> {
  const { executable, settings } = session;
  const began = performance.now();
  const good = createLastGoodWeights((await executable.read()).parameters, state.updates);
  const breathe = createBreathe();
  for (;;) {
    const reason = reasonToStop(session, state) ?? hooks.stopping();
    if (reason) return reason;
    const epoch = createEpoch(session, state, good, hooks, began);
    for (let index = state.batch; index < epoch.plan.length; index += 1) {
      for await (const step of epoch.trainBatch(index)) {
        await hooks.report(step);
        const stop = reasonToStop(session, state) ?? hooks.stopping();
        if (stop) return stop;
        await breathe();
      }
    }
    if (state.epoch < settings.epochs) good.keep((await executable.read()).parameters, state.updates);
  }
}

/** Why the run is over, if it is. */
function reasonToStop({ settings }: Session, state: TrainingState): StopReason | undefined {
  if (state.epoch >= settings.epochs) return 'finished';
  const { earlyStopping } = settings;
  return earlyStopping && shouldStop(state.stopping, earlyStopping) ? 'early' : undefined;
}

function createEpoch(
  session: Session,
  state: TrainingState,
  good: LastGoodWeights,
  hooks: TrainingHooks,
  began: number,
) {
  const { settings, training, executable, network, trainer, optimizer } = session;
  const epoch = state.epoch + 1;
  const plan = planEpoch(
    training.sequences.map(({ length }) => length),
    settings.batchSize,
    settings.seed,
    state.epoch,
  );
  const planned = settings.epochs * plan.length;
  const tick = createTick();

  const fail = async (what: string, value: number, batch: number, learningRate: number): Promise<never> => {
    const update = state.updates;
    state.updates = await good.restore(executable);
    const checkpoint = hooks.checkpoints?.exists() ? hooks.checkpoints.name : undefined;
    throw diverged({ what, value, epoch, batch, update, learningRate, restored: state.updates, checkpoint });
  };

  const endEpoch = async (batch: number): Promise<EpochRecord> => {
    const { sums } = state;
    const validation = await validate(session);
    if (validation && !Number.isFinite(validation.loss))
      await fail('The validation loss', validation.loss, batch, sums.learningRate);
    sums.seconds += tick();
    const record: EpochRecord = {
      epoch,
      loss: sums.loss / sums.weight,
      accuracy: sums.right / sums.answered,
      gradientNorm: sums.norms / sums.updates,
      learningRate: sums.learningRate,
      ...(validation && { validation }),
      seconds: sums.seconds,
    };
    state.records.push(record);
    if (validation && settings.earlyStopping) {
      state.stopping = afterEpoch(state.stopping, epoch, validation, settings.earlyStopping);
      const isBest = state.stopping.bestEpoch === epoch;
      if (isBest && settings.earlyStopping.restoreBest) state.best = (await executable.read()).parameters;
    }
    state.epoch = epoch;
    state.batch = 0;
    state.sums = newSums();
    return record;
  };

  async function* trainBatch(index: number): AsyncGenerator<Progress, void, void> {
    const positions = plan[index] as Int32Array;
    const { batch, weight } = labelledBatch(training, positions, network.input, network.target, session.classWeights);
    // The schedule counts batches, which are updates for a trainer that makes one for each.
    const rate = optimizer.plugin.learningRate(optimizer.options, state.epoch * plan.length + index, planned);
    const context: TrainerContext = {
      seed: settings.seed,
      updates: () => state.updates,
      learningRate: () => rate,
      answers: 'once',
      ...(state.cursor && { cursor: state.cursor }),
    };
    let whole = false;
    for await (const step of trainer.plugin.train(trainer.options, executable, batch, context)) {
      if (!Number.isFinite(step.loss)) await fail('The loss', step.loss, index + 1, rate);
      if (step.gradientNorm !== undefined && !Number.isFinite(step.gradientNorm))
        await fail("The gradient's norm", step.gradientNorm, index + 1, rate);
      good.confirm();
      const { sums } = state;
      absorb(session, state, step, { positions, weight, rate });
      whole = step.cursor === undefined;
      sums.seconds += tick();
      const progress = {
        epoch,
        epochs: settings.epochs,
        batch: index + 1,
        batches: plan.length,
        update: state.updates,
        loss: step.loss,
        meanLoss: sums.weight > 0 ? sums.loss / sums.weight : undefined,
        accuracy: sums.answered > 0 ? sums.right / sums.answered : undefined,
        gradientNorm: step.gradientNorm,
        learningRate: rate,
        examplesPerSecond: sums.examples / sums.seconds,
      };
      const ended = whole && index + 1 === plan.length ? await endEpoch(index + 1) : undefined;
      if (hooks.checkpoints?.due(state, step.updated, ended !== undefined)) {
        const snapshot = await executable.read();
        await hooks.checkpoints.write(state, snapshot);
        good.keep(snapshot.parameters, state.updates);
      }
      yield { ...progress, elapsed: (performance.now() - began) / 1000, ...(ended && { ended }) };
    }
    if (!whole)
      throw new UnrolledError('TRAINER_INCOMPLETE', `trainer "${trainer.plugin.name}" left a batch unfinished.`, {
        mend: 'A trainer reports once more, without a cursor, when a batch is done.',
      });
  }

  return { plan, trainBatch };
}

/** Takes a step's report into the state. */
function absorb(
  { training, classes, link }: Session,
  state: TrainingState,
  step: TrainerProgress,
  batch: { readonly positions: Int32Array; readonly weight: number; readonly rate: number },
): void {
  const { sums } = state;
  if (step.updated) {
    state.updates += 1;
    sums.updates += 1;
    sums.norms += step.gradientNorm ?? 0;
    sums.learningRate = batch.rate;
  }
  state.cursor = step.cursor;
  if (step.cursor) return;
  state.batch += 1;
  sums.loss += step.loss * batch.weight;
  sums.weight += batch.weight;
  sums.examples += batch.positions.length;
  if (!step.output) return;
  const answers = answersOf(probabilitiesOf(step.output.data, classes, link, 1), classes, undefined);
  batch.positions.forEach((position, row) => {
    sums.right += answers[row] === training.classes[position] ? 1 : 0;
    sums.answered += 1;
  });
}

/** Measures on the validation part, where there is one. */
async function validate(session: Session): Promise<ValidationRecord | undefined> {
  const { validation, executable, network, classes, link, settings } = session;
  if (!validation) return undefined;
  const { logits, loss } = await inferPart(executable, network, validation, classes, settings.batchSize);
  const answers = answersOf(probabilitiesOf(logits, classes, link, 1), classes, undefined);
  return { loss, accuracy: accuracyOf(confusionMatrix(validation.classes, answers, classes)) };
}

/** Seconds since it was last called. */
function createTick(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
}
