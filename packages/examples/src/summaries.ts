// What is left of a series of numbers without its order: mean and spread of each of its values.
import type { Example, Pipeline } from '@unrolled/core';
import { registry } from './registry.ts';

/** Each series as one step: means and standard deviations of its values `[1, 2 × width]`. */
export function summariesOf(examples: readonly Example[]): readonly Example[] {
  return examples.map(({ label, values = [] }) => {
    const columns = Array.from(values[0] ?? [], (_, column) => values.map((row) => row[column] as number));
    return { ...(label !== undefined && { label }), values: [[...columns.map(meanOf), ...columns.map(deviationOf)]] };
  });
}

/** Logistic regression on summaries. */
export function summaryClassifier(): Pipeline<string> {
  return registry.pipeline({
    input: { vectorizer: { use: 'numeric', with: { scale: 'standardize' } } },
    layers: [],
    task: { use: 'many-to-one' },
    optimizer: { use: 'adam', with: { learningRate: 0.01 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) * (value - mean))));
}
