// The end of an epoch: validation, its record, what early stopping makes of it.
import { countRight } from './answers.ts';
import { afterEpoch } from './early-stopping.ts';
import { inferPart } from './infer.ts';
import type { EpochRecord, ValidationRecord } from './progress.ts';
import type { Session } from './session.ts';
import { giveUp, type Place, type Training } from './train-batch.ts';
import { newSums } from './training-state.ts';

/** Closes the epoch and moves the state to the next. @throws UnrolledError `TRAINING_DIVERGED` */
export async function endEpoch(training: Training, place: Place): Promise<EpochRecord> {
  const { session, state, stopwatch } = training;
  const { sums } = state;
  const validation = await validate(session);
  if (validation && !Number.isFinite(validation.loss))
    await giveUp(training, place, sums.learningRate, 'The validation loss', validation.loss);
  const record: EpochRecord = {
    epoch: place.epoch,
    loss: sums.loss / sums.weight,
    accuracy: sums.answered === 0 ? 0 : sums.right / sums.answered,
    gradientNorm: sums.norms / sums.updates,
    learningRate: sums.learningRate,
    ...(validation && { validation }),
    seconds: sums.seconds + stopwatch.lap(),
  };
  state.records.push(record);
  if (validation) await watch(training, place.epoch, validation);
  state.epoch = place.epoch;
  state.batch = 0;
  state.sums = newSums();
  return record;
}

/** Remembers the best epoch, and its weights where they may be wanted back. */
async function watch({ session, state }: Training, epoch: number, validation: ValidationRecord): Promise<void> {
  const { earlyStopping } = session.settings;
  if (!earlyStopping) return;
  state.stopping = afterEpoch(state.stopping, epoch, validation, earlyStopping);
  const isBest = state.stopping.bestEpoch === epoch;
  if (isBest && earlyStopping.restoreBest) state.best = (await session.executable.read()).parameters;
}

/** Measures on the validation part, where there is one. */
async function validate({
  validation,
  executable,
  network,
  link,
  settings,
}: Session): Promise<ValidationRecord | undefined> {
  if (!validation) return undefined;
  let [right, answered] = [0, 0];
  const { loss } = await inferPart(executable, network, validation, settings.batchSize, (inferred) => {
    const found = countRight(validation, inferred, link);
    right += found.right;
    answered += found.answered;
  });
  return { loss, accuracy: answered === 0 ? 0 : right / answered };
}
