// Mean, variance and range of each feature in one pass, such that those of two parts can be put together.

/** What is known of each feature; `[features]` each. */
export interface Statistics {
  /** Steps seen. */
  readonly count: number;
  /** Mean. */
  readonly mean: Float64Array;
  /** Sum of the squared differences from the mean. */
  readonly squares: Float64Array;
  /** Smallest value. */
  readonly minimum: Float64Array;
  /** Largest value. */
  readonly maximum: Float64Array;
}

/** Counts steps. Source: Welford 1962, Note on a method for calculating corrected sums of squares and products. */
export class StatisticsCounter implements Statistics {
  count = 0;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;

  constructor(features: number) {
    this.mean = new Float64Array(features);
    this.squares = new Float64Array(features);
    this.minimum = new Float64Array(features).fill(Infinity);
    this.maximum = new Float64Array(features).fill(-Infinity);
  }

  /** Adds steps `[steps, features]`. */
  add(steps: Float64Array): void {
    const { mean, squares, minimum, maximum } = this;
    const features = mean.length;
    for (let start = 0; start < steps.length; start += features) {
      this.count += 1;
      for (let feature = 0; feature < features; feature++) {
        const value = steps[start + feature] as number;
        const difference = value - (mean[feature] as number);
        const moved = (mean[feature] as number) + difference / this.count;
        mean[feature] = moved;
        squares[feature] = (squares[feature] as number) + difference * (value - moved);
        minimum[feature] = Math.min(minimum[feature] as number, value);
        maximum[feature] = Math.max(maximum[feature] as number, value);
      }
    }
  }

  /** Adds the steps of another. Source: Chan, Golub and LeVeque 1983, Algorithms for computing the sample variance, (2.1). */
  merge(other: Statistics): void {
    if (other.count === 0) return;
    const { mean, squares, minimum, maximum } = this;
    const total = this.count + other.count;
    for (let feature = 0; feature < mean.length; feature++) {
      const difference = (other.mean[feature] as number) - (mean[feature] as number);
      const share = other.count / total;
      squares[feature] =
        (squares[feature] as number) +
        (other.squares[feature] as number) +
        difference * difference * this.count * share;
      mean[feature] = (mean[feature] as number) + difference * share;
      minimum[feature] = Math.min(minimum[feature] as number, other.minimum[feature] as number);
      maximum[feature] = Math.max(maximum[feature] as number, other.maximum[feature] as number);
    }
    this.count = total;
  }
}
