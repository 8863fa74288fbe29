// Count, sum and quantiles of what was measured, in the text that Prometheus reads.

/** Measurements that the quantiles are of: the latest. */
const kept = 1000;
/** Half, all but one in a hundred, and the largest. */
const quantiles = [0.5, 0.99, 1];

/** A measure over time. */
export interface Summary {
  /** Adds a measurement. */
  readonly observe: (value: number) => void;
  /** Lines of text for it under `name`. */
  readonly lines: (name: string) => string[];
}

/** A summary of no measurement yet. */
export function createSummary(): Summary {
  const latest: number[] = [];
  let count = 0;
  let sum = 0;
  return {
    observe: (value) => {
      latest[count % kept] = value;
      count += 1;
      sum += value;
    },
    lines: (name) => {
      const sorted = [...latest].sort((a, b) => a - b);
      return [
        `# TYPE ${name} summary`,
        ...quantiles.map((share) => `${name}{quantile="${share}"} ${nearestRank(sorted, share)}`),
        `${name}_sum ${sum}`,
        `${name}_count ${count}`,
      ];
    },
  };
}

/** The least value that at least `share` of all do not exceed; NaN of none, as Prometheus expects it. */
function nearestRank(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}
