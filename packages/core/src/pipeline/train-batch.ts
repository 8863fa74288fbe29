// One batch: the trainer's calls, and what each does to the training state.

import type { Batch } from '../contracts/executable.ts';
import type { TrainerContext, TrainerCursor, TrainerProgress } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { countRight } from './answers.ts';
import { labelledBatch } from './batch.ts';
import type { CheckpointWriter } from './checkpoints.ts';
import { diverged } from './diverged.ts';
import type { LastGoodWeights } from './last-good-weights.ts';
import type { AnyAccuracy, Progress } from './progress.ts';
import { sampleInputs, shareOf } from './scheduled-sampling.ts';
import type { Session } from './session.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { TrainingState } from './training-state.ts';

/** A run under way. */
export interface Training {
  /** What it works on. */
  readonly session: Session;
  /** Where it stands. */
  readonly state: TrainingState;
  /** Weights to go back to. */
  readonly good: LastGoodWeights;
  /** Where checkpoints go, if anywhere. */
  readonly checkpoints: CheckpointWriter | undefined;
  /** Since the run began or was resumed. */
  readonly stopwatch: Stopwatch;
}

/** Which batch of how many. */
export type Place = Pick<Progress, 'epoch' | 'epochs' | 'batch' | 'batches'>;

/** A report before its place and time are known. */
export interface StepReport
  extends Omit<Progress<AnyAccuracy>, keyof Place | 'elapsed' | 'ended'>,
    Partial<Pick<Place, 'batch' | 'batches'>> {
  /** Whether weights changed. */
  readonly updated: boolean;
  /** Whether the batch is done. */
  readonly whole: boolean;
}

/**
 * Trains on the examples at `positions`, from the state's cursor on where it has one.
 * @throws UnrolledError `TRAINING_DIVERGED`, `TRAINER_INCOMPLETE`
 */
export async function* trainBatch(
  training: Training,
  positions: Int32Array,
  place: Place,
): AsyncGenerator<StepReport, void, void> {
  const { session, state, stopwatch } = training;
  const { executable, network, trainer, classWeights } = session;
  const { stream } = session.settings;
  const { batch: forced, weight } = labelledBatch(session.training, positions, network, classWeights);
  const batch = await sampled(training, forced, place);
  const calls = stream ? callsOf(session, batch.time) : 1;
  let rate = learningRate(session, place, calls, state.cursor);
  const context: TrainerContext = {
    seed: session.settings.seed,
    updates: () => state.updates,
    learningRate: () => rate,
    answers: network.target.per === 'step' ? 'each-step' : 'once',
    ...(stream && { stream }),
    ...(tellsClasses(session) && { output: 'classes' }),
    ...(state.cursor && { cursor: state.cursor }),
  };
  let whole = false;
  for await (const step of trainer.plugin.train(trainer.options, executable, batch, context)) {
    await checkFinite(training, step, place, rate);
    takeStep(state, step, rate);
    whole = step.cursor === undefined;
    takeAnswers(session, state, step, positions);
    if (whole) takeBatch(state, step, positions, weight);
    state.sums.seconds += stopwatch.lap();
    const streamed = stream && { batch: step.cursor?.window ?? calls, batches: calls };
    yield { ...reportOf(state, step, rate), ...streamed, updated: step.updated, whole };
    rate = learningRate(session, place, calls, step.cursor);
  }
  if (whole) return;
  throw new UnrolledError('TRAINER_INCOMPLETE', `trainer "${trainer.plugin.name}" left a batch unfinished.`, {
    mend: 'A trainer reports once more, without a cursor, when a batch is done.',
  });
}

/** The batch as it is, or with tokens of the network's own in place of some true ones. */
async function sampled({ session, state }: Training, batch: Batch, { epoch, epochs }: Place): Promise<Batch> {
  const { seed, scheduledSampling } = session.settings;
  const share = shareOf(scheduledSampling, epoch, epochs);
  if (share === 0) return batch;
  return sampleInputs(session.executable, batch, { seed, update: state.updates, share });
}

/** How many calls of the trainer a batch of so many steps takes. */
function callsOf({ trainer }: Session, steps: number): number {
  return trainer.plugin.calls?.(trainer.options, steps) ?? 1;
}

/** Of this call. The schedule counts batches, which are updates for a trainer that makes one for each; of streams it counts calls. */
function learningRate(
  { optimizer }: Session,
  { epoch, epochs, batch, batches }: Place,
  calls: number,
  cursor: TrainerCursor | undefined,
): number {
  const before = ((epoch - 1) * batches + batch - 1) * calls + (calls > 1 ? (cursor?.window ?? 0) : 0);
  return optimizer.plugin.learningRate(optimizer.options, before, epochs * batches * calls);
}

/**
 * Ends a run whose numbers are lost: brings the last good weights back.
 * @throws UnrolledError `TRAINING_DIVERGED`
 */
export async function giveUp(
  { session, state, good, checkpoints }: Training,
  place: Place,
  learningRate: number,
  what: string,
  value: number,
): Promise<never> {
  const update = state.updates;
  state.updates = await good.restore(session.executable);
  const checkpoint = checkpoints?.exists() ? checkpoints.name : undefined;
  const { epoch, batch } = place;
  const divergence = { what, value, epoch, batch, update, learningRate, restored: state.updates, checkpoint };
  throw diverged(divergence, largestInput(session));
}

/** Magnitude of the largest number that the network is fed; undefined where it reads tokens. */
function largestInput({ network: { input, source }, training }: Session): number | undefined {
  const read = source?.kind === 'encoder' ? source.input : input;
  if (read.kind !== 'vectors') return undefined;
  let largest = 0;
  for (const sequence of training.sequences)
    for (const value of (sequence.source ?? sequence).values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

async function checkFinite(training: Training, step: TrainerProgress, place: Place, rate: number): Promise<void> {
  const { loss, gradientNorm = 0 } = step;
  if (!Number.isFinite(loss)) await giveUp(training, place, rate, 'The loss', loss);
  if (!Number.isFinite(gradientNorm)) await giveUp(training, place, rate, "The gradient's norm", gradientNorm);
  training.good.confirm();
}

function takeStep(state: TrainingState, step: TrainerProgress, rate: number): void {
  state.cursor = step.cursor;
  if (!step.updated) return;
  state.updates += 1;
  state.sums.updates += 1;
  state.sums.norms += step.gradientNorm ?? 0;
  state.sums.learningRate = rate;
}

/** Whether the likeliest of several classes is all that is asked of an output. */
function tellsClasses({ link, classes }: Session): boolean {
  return link === 'softmax' && classes > 1;
}

/** Counts right answers, where outputs are known. */
function takeAnswers(
  session: Session,
  { sums }: TrainingState,
  { output, outputFrom = 0 }: TrainerProgress,
  positions: Int32Array,
): void {
  const { training, link, learns } = session;
  if (!output || learns === 'number') return;
  const given = tellsClasses(session) && output.shape.at(-1) === 1 ? 'class' : link;
  const { right, answered } = countRight(training, { positions, output, from: outputFrom }, given);
  sums.right += right;
  sums.answered += answered;
}

function takeBatch(state: TrainingState, step: TrainerProgress, positions: Int32Array, weight: number): void {
  const { sums } = state;
  state.batch += 1;
  sums.loss += step.loss * weight;
  sums.weight += weight;
  sums.examples += positions.length;
}

function reportOf({ sums, updates }: TrainingState, step: TrainerProgress, rate: number) {
  return {
    update: updates,
    loss: step.loss,
    meanLoss: sums.weight > 0 ? sums.loss / sums.weight : undefined,
    accuracy: sums.answered > 0 ? sums.right / sums.answered : undefined,
    gradientNorm: step.gradientNorm,
    learningRate: rate,
    examplesPerSecond: sums.examples / sums.seconds,
  };
}
