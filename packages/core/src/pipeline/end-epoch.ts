// The end of an epoch: validation, its record, what early stopping makes of it.
import { countRight } from './answers.ts';
import { afterEpoch } from './early-stopping.ts';
import { inferPart } from './infer.ts';
import type { AnyAccuracy, EpochRecord, ValidationRecord } from './progress.ts';
import type { Session } from './session.ts';
import { giveUp, type Place, type Training } from './train-batch.ts';
import { type EpochSums, newSums } from './training-state.ts';

/** Closes the epoch and moves the state to the next. @throws UnrolledError `TRAINING_DIVERGED` */
export async function endEpoch(training: Training, place: Place): Promise<EpochRecord<AnyAccuracy>> {
  const { session, state, stopwatch } = training;
  const { sums } = state;
  const validation = await validate(session);
  if (validation && !Number.isFinite(validation.loss))
    await giveUp(training, place, sums.learningRate, 'The validation loss', validation.loss);
  const record: EpochRecord<AnyAccuracy> = {
    epoch: place.epoch,
    loss: sums.loss / sums.weight,
    accuracy: accuracyOf(session, sums),
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
async function watch(
  { session, state }: Training,
  epoch: number,
  validation: ValidationRecord<AnyAccuracy>,
): Promise<void> {
  const { earlyStopping } = session.settings;
  if (!earlyStopping) return;
  state.stopping = afterEpoch(state.stopping, epoch, validation, earlyStopping);
  const isBest = state.stopping.bestEpoch === epoch;
  if (isBest && earlyStopping.restoreBest) state.best = (await session.executable.read()).parameters;
}

/** Of numbers none is right. */
function accuracyOf({ learns }: Session, { right, answered }: Pick<EpochSums, 'right' | 'answered'>) {
  if (learns === 'number') return undefined;
  return answered === 0 ? 0 : right / answered;
}

/** Measures on the validation part, where there is one. */
async function validate(session: Session): Promise<ValidationRecord<AnyAccuracy> | undefined> {
  const { validation, executable, network, link, settings, learns } = session;
  if (!validation) return undefined;
  const count = { right: 0, answered: 0 };
  const { loss } = await inferPart(executable, network, validation, settings.batchSize, (inferred) => {
    if (learns === 'number') return;
    const { right, answered } = countRight(validation, inferred, link);
    count.right += right;
    count.answered += answered;
  });
  return { loss, accuracy: accuracyOf(session, count) };
}
