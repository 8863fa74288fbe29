// How far back the gradient of a trained model reaches: the geometric mean over some sentences, by lag.
import type { Example, Model } from '@unrolled/core';
import { exp, log } from '@unrolled/core';
import { gradientFlow, normAtLag, stateJacobians } from '@unrolled/inspect';

/** Means over sentences at one lag. */
export interface Reach {
  /** Steps between the hidden state and the last one. */
  readonly lag: number;
  /** ‖∂L/∂h[k]‖: every path, that of the pooled output included. */
  readonly loss: number;
  /** ‖∂s[T]/∂s[k]‖ (spectral): through the recurrence alone. */
  readonly state: number;
}

/** Reach of `model` at `lags` over `examples`, which are longer than the longest lag. */
export async function reachOf(model: Model, examples: readonly Example[], lags: readonly number[]): Promise<Reach[]> {
  const anatomy = await model.anatomy();
  const rows: Omit<Reach, 'lag'>[][] = [];
  for (const example of examples) {
    const batch = await anatomy.batch(example, example.label);
    const flow = gradientFlow(anatomy, batch);
    const { spectralNorms, steps } = stateJacobians(anatomy, batch);
    const row = lags.map((lag) => ({
      loss: normAtLag(flow, 'layers.0.h', lag) as number,
      state: spectralNorms[steps - lag] as number,
    }));
    rows.push(row);
  }
  return lags.map((lag, at) => ({
    lag,
    loss: geometricMean(rows.map((row) => row[at]?.loss as number)),
    state: geometricMean(rows.map((row) => row[at]?.state as number)),
  }));
}

function geometricMean(values: readonly number[]): number {
  return exp(values.reduce((sum, value) => sum + log(value), 0) / values.length);
}
