// What happens after the last step: the best weights come back, the temperature and the threshold are found, all is measured.
import type { Json } from '../options.ts';
import { measureLogits } from './evaluate.ts';
import { inferPart } from './infer.ts';
import type { LabelTable } from './labels.ts';
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
  const { executable, validation, network, classes, link, settings } = session;
  const ranItsCourse = reason === 'finished' || reason === 'early';
  const restore = ranItsCourse && state.best !== undefined && state.stopping.bestEpoch !== state.epoch;
  if (restore) await executable.write({ parameters: state.best as NonNullable<TrainingState['best']> });
  const restoredEpoch = restore ? state.stopping.bestEpoch : undefined;
  const given = typeof settings.threshold === 'number' ? settings.threshold : undefined;
  if (!validation) return { temperature: 1, threshold: given, restoredEpoch, metrics: {} };
  const { logits, loss } = await inferPart(executable, network, validation, classes, settings.batchSize);
  const truth = validation.classes;
  const temperature = settings.calibrate ? fitTemperature(logits, truth, classes, link) : 1;
  const threshold =
    typeof settings.threshold === 'object'
      ? tune(probabilitiesOf(logits, classes, link, temperature), truth, settings.threshold.tune)
      : given;
  const reading = { link, temperature, labelCounts, ...(threshold !== undefined && { threshold }) };
  const { labels: byLabel, ...measures } = measureLogits(reading, labels, logits, truth, loss);
  return {
    temperature,
    threshold,
    restoredEpoch,
    metrics: JSON.parse(JSON.stringify({ ...measures, labels: byLabel })),
  };
}

function tune(probabilities: Float64Array, truth: Int32Array, measure: 'accuracy' | 'f1'): number {
  const second = probabilities.filter((_, index) => index % 2 === 1);
  return tuneThreshold(second, truth, measure);
}
