// A whole run: data, vocabulary, network, training, and what follows it.
import type { Executable, Snapshot, Tensor, Tensors } from '../contracts/executable.ts';
import type { Encoder } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { initialise } from '../initialise.ts';
import { type Checkpoint, encodeCheckpoint, type RunIdentity } from '../model/checkpoint.ts';
import type { FittedModel } from '../model/fitted.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import { checkMemory } from './check-memory.ts';
import { checkIdentity, createCheckpointWriter, findCheckpoint } from './checkpoints.ts';
import { stoppedEarly } from './corpus.ts';
import { compileWithDecoder } from './decoder.ts';
import { describeNetwork } from './describe-network.ts';
import type { Examples } from './examples.ts';
import { type Finish, finish } from './finish.ts';
import { learnsLabels } from './labels.ts';
import { chooseObjective } from './objective.ts';
import { type Encoders, gather, type Prepared, prepare } from './prepare.ts';
import type { AnyAccuracy, History, Progress, StopReason } from './progress.ts';
import { nothingFound, recordModel } from './record.ts';
import type { RunControl } from './run.ts';
import type { Session } from './session.ts';
import { type CheckedSettings, recordSettings } from './settings.ts';
import { train } from './train.ts';
import type { TrainingPieces } from './training-pieces.ts';
import { newTrainingState, type TrainingState } from './training-state.ts';
import { restoreEncoders, vocabularyData } from './vocabularies.ts';

/** Makes the files of the checkpoint that a model was trained up to. */
export type FinalCheckpoint = () => Map<string, Uint8Array>;

/** Who owns the model that a run makes. */
export interface ModelOwner {
  /** Takes the model as it stands: first with its first weights, again when the run ends. */
  readonly take: (model: FittedModel, checkpoint?: FinalCheckpoint) => void;
}

/** A run that is about to train. */
interface Ready {
  readonly prepared: Prepared;
  readonly session: Session;
  readonly identity: RunIdentity;
  readonly state: TrainingState;
}

/** Runs from data to a finished model, which `owner` is given. @throws UnrolledError see `Pipeline.fit` */
export async function fit(
  resolved: ResolvedPipeline,
  pieces: TrainingPieces,
  data: Examples,
  settings: CheckedSettings,
  control: RunControl<Progress<AnyAccuracy>>,
  owner: ModelOwner,
): Promise<History<AnyAccuracy>> {
  const began = performance.now();
  const checkpoint = await findCheckpoint(settings);
  const stopping = () => control.stopping() !== undefined;
  const { prepared, session, identity, state } = await makeReady(
    resolved,
    pieces,
    data,
    settings,
    checkpoint,
    stopping,
  );
  if (stopping()) {
    session.executable.dispose();
    throw stoppedEarly();
  }
  const model = (found: Finish): FittedModel => ({
    record: recordModel(resolved, prepared, session, state.updates, found),
    tokenizer: prepared.tokenizer,
    targetTokenizer: prepared.targetTokenizer,
    encoder: prepared.encoder,
    targetEncoder: prepared.targetEncoder,
    labels: prepared.labels,
    decoder: session.decoder,
    executable: session.executable,
  });
  const resumedFrom = checkpoint && state.updates;
  const vocabulary = vocabularyData(prepared);
  owner.take(model(nothingFound));
  try {
    const checkpoints = await createCheckpointWriter(settings, identity, vocabulary, checkpoint !== undefined);
    const reason = await train(session, state, { ...control, checkpoints });
    const snapshot = await session.executable.read();
    if (state.epoch > 0 || state.batch > 0 || state.cursor) await checkpoints?.write(state, snapshot);
    const { labels, labelCounts } = prepared;
    const found = state.updates > 0 ? await finish(session, state, reason, labels, labelCounts) : nothingFound;
    owner.take(model(found), () => encodeCheckpoint({ identity, vocabulary, state, snapshot }));
    const seconds = (performance.now() - began) / 1000;
    return historyOf({ state, reason, found, prepared, settings, resumedFrom, seconds });
  } catch (error) {
    owner.take(model(nothingFound)); // with the weights that it has now
    throw error;
  }
}

async function makeReady(
  resolved: ResolvedPipeline,
  pieces: TrainingPieces,
  data: Examples,
  settings: CheckedSettings,
  checkpoint: Checkpoint | undefined,
  stopping: () => boolean,
): Promise<Ready> {
  const gathered = await gather(resolved, data, settings, stopping);
  checkSuits(settings, resolved, gathered.labels.shown.length);
  const run: Omit<RunIdentity, 'network'> = {
    manifest: resolved.manifest,
    settings: recordSettings(settings),
    dataHash: gathered.dataHash,
    validationHash: gathered.validationHash ?? null,
  };
  if (checkpoint) checkIdentity(checkpoint.identity, run);
  const encoders = checkpoint && restoreEncoders(resolved, checkpoint.vocabulary);
  const prepared = await prepare(resolved, gathered, settings, encoders);
  const { classes } = prepared;
  const objective = chooseObjective(resolved, classes);
  const network = describeNetwork(resolved, prepared, objective);
  if (checkpoint) checkIdentity(checkpoint.identity, { network });
  const { plugin, options, settings: compile } = resolved.backend;
  const { executable, decoder } = await compileWithDecoder(network, (part) => plugin.compile(options)(part, compile));
  const { training, validation, classWeights, scale } = prepared;
  const { link } = objective;
  const { learns } = resolved;
  const session = {
    settings,
    learns,
    training,
    validation,
    classes,
    scale,
    classWeights,
    network,
    link,
    executable,
    decoder,
    ...pieces,
  };
  const state = checkpoint?.state ?? newTrainingState();
  await begin(executable, async () => {
    if (compile.memory !== undefined) await checkMemory(session, state.epoch);
    return checkpoint?.snapshot ?? { parameters: firstValues(executable, settings.seed, prepared) };
  });
  return { prepared, session, identity: { ...run, network }, state };
}

/** Writes the first values, or those of a checkpoint; frees the executable where that fails. */
async function begin(executable: Executable, snapshot: () => Promise<Snapshot>): Promise<void> {
  try {
    await executable.write(await snapshot());
  } catch (error) {
    executable.dispose();
    throw error;
  }
}

/** What the vectorizers give, such as word vectors trained before; all else is drawn. */
function firstValues(executable: Executable, seed: number, { encoder, targetEncoder }: Encoders): Tensors {
  const given = new Map([
    ...initialOf(encoder, targetEncoder ? 'source.input' : 'input'),
    ...(targetEncoder ? initialOf(targetEncoder, 'input') : []),
  ]);
  return Object.fromEntries(
    executable.parameters.map((parameter) => {
      const { name, shape } = parameter;
      return [name, given.get(name) ?? { shape, data: initialise(parameter, seed) }];
    }),
  );
}

function initialOf({ initial = {} }: Encoder, place: string): [string, Tensor][] {
  return Object.entries(initial).map(([name, values]) => [`${place}.${name}`, values]);
}

/** Settings that only some tasks have a use for. @throws UnrolledError `SETTING_INVALID` */
function checkSuits(
  { threshold, calibrate, classWeights, earlyStopping, stream, scheduledSampling }: CheckedSettings,
  { learns, trainer }: ResolvedPipeline,
  classes: number,
): void {
  const refuse = (setting: string, why: string, mend = 'Leave it out.'): never => {
    throw new UnrolledError('SETTING_INVALID', `"${setting}" ${why}`, { mend });
  };
  if (threshold !== undefined && (learns !== 'label' || classes !== 2))
    refuse(
      'threshold',
      learns === 'label'
        ? `chooses between two labels, but the examples have ${classes}.`
        : 'chooses between two labels of an example, but this task learns something else.',
    );
  if (calibrate && learns !== 'label') refuse('calibrate', 'is for tasks that learn one label of an example.');
  if (classWeights !== undefined && !learnsLabels(learns)) refuse('classWeights', 'is for tasks that learn labels.');
  if (earlyStopping?.monitor === 'accuracy' && learns === 'number')
    refuse(
      'earlyStopping.monitor',
      'is "accuracy", but a number is learned, which is never just right or wrong.',
      'Monitor the loss, which is the default.',
    );
  if (scheduledSampling > 0 && learns !== 'sequence')
    refuse('scheduledSampling', 'is for tasks that learn a sequence.');
  if (stream && learns !== 'next') refuse('stream', 'is for tasks that learn the next token.');
  if (stream && trainer?.plugin.sees !== 'window')
    refuse(
      'stream',
      'needs a trainer that sees a window of an endless text at a time.',
      'Name one, such as trainer: { use: "truncated-bptt", with: { every: 50, window: 50 } }.',
    );
}

function historyOf(run: {
  readonly state: TrainingState;
  readonly reason: StopReason;
  readonly found: Finish;
  readonly prepared: Prepared;
  readonly settings: CheckedSettings;
  readonly resumedFrom: number | undefined;
  readonly seconds: number;
}): History<AnyAccuracy> {
  const { state, reason, found, prepared, settings, resumedFrom, seconds } = run;
  const { temperature, threshold, restoredEpoch } = found;
  return {
    epochs: [...state.records],
    updates: state.updates,
    stopped: reason,
    ...(restoredEpoch !== undefined && { restoredEpoch }),
    ...(resumedFrom !== undefined && { resumedFrom }),
    temperature,
    ...(threshold !== undefined && { threshold }),
    report: prepared.report,
    settings: recordSettings(settings),
    seconds,
  };
}
