// What happens after the last step: the best weights come back, the temperature and the threshold are found, all is measured.
import type { Json } from '../options.ts';
import { measureLogits } from './evaluate.ts';
import { createCollector, inferPart } from './infer.ts';
import type { LabelTable } from './labels.ts';
import { createMeasure } from './measure.ts';
import type { EncodedPart } from './part.ts';
import { probabilitiesOf } from './probabilities.ts';
import type { StopReason } from './progress.ts';
import type { Session } from './session.ts';
import { fitTemperature } from './temperature.ts';
import { tuneThreshold } from './threshold.ts';
import type { TrainingState } from './training-state.ts';

/** What was found. */
export interface Finish {
  /** Logits are divided by it. */
  readonly temperature: number;
  /** Of two labels, the probability from which on the second is chosen. */
  readonly threshold: number | undefined;
  /** The epoch whose weights came back. */
  readonly restoredEpoch: number | undefined;
  /** Measures on the validation part; empty where there is none. */
  readonly metrics: Readonly<Record<string, Json>>;
}

/** Finishes a run. Weights that a stopped run has are kept; the best ones come back only where it ran its course. */
export async function finish(
  session: Session,
  state: TrainingState,
  reason: StopReason,
  labels: LabelTable,
  labelCounts: readonly number[],
): Promise<Finish> {
  const { executable, validation, settings, learns } = session;
  const ranItsCourse = reason === 'finished' || reason === 'early';
  const restore = ranItsCourse && state.best !== undefined && state.stopping.bestEpoch !== state.epoch;
  if (restore) await executable.write({ parameters: state.best as NonNullable<TrainingState['best']> });
  const restoredEpoch = restore ? state.stopping.bestEpoch : undefined;
  const given = typeof settings.threshold === 'number' ? settings.threshold : undefined;
  if (!validation) return { temperature: 1, threshold: given, restoredEpoch, metrics: {} };
  if (learns === 'label')
    return { ...(await finishLabels(session, validation, labels, labelCounts, given)), restoredEpoch };
  const measure = createMeasure(session, labels, labelCounts);
  const { loss, counted } = await inferPart(executable, session.network, validation, settings.batchSize, (inferred) =>
    measure.add(validation, inferred),
  );
  const metrics = plain(measure.result(loss, counted, validation.sequences.length));
  return { temperature: 1, threshold: undefined, restoredEpoch, metrics };
}

async function finishLabels(
  { executable, network, classes, link, settings }: Session,
  validation: EncodedPart,
  labels: LabelTable,
  labelCounts: readonly number[],
  given: number | undefined,
): Promise<Omit<Finish, 'restoredEpoch'>> {
  const collect = createCollector(validation.sequences.length);
  const { loss } = await inferPart(executable, network, validation, settings.batchSize, collect.add);
  const logits = collect.logits();
  const truth = Int32Array.from(validation.targets, ([label]) => label as number);
  const temperature = settings.calibrate ? fitTemperature(logits, truth, classes, link) : 1;
  const threshold =
    typeof settings.threshold === 'object'
      ? tune(probabilitiesOf(logits, classes, link, temperature), truth, settings.threshold.tune)
      : given;
  const reading = { link, temperature, labelCounts, ...(threshold !== undefined && { threshold }) };
  return { temperature, threshold, metrics: plain(measureLogits(reading, labels, logits, truth, loss)) };
}

function plain(measures: object): Readonly<Record<string, Json>> {
  return JSON.parse(JSON.stringify(measures));
}

function tune(probabilities: Float64Array, truth: Int32Array, measure: 'accuracy' | 'f1'): number {
  const second = probabilities.filter((_, index) => index % 2 === 1);
  return tuneThreshold(second, truth, measure);
}
