// A loop as it is planned and what it leaves behind: what planning and running share.
import type { Tensor } from '@tensorflow/tfjs';
import type { Graph, Scan } from '@unrolled/equations';
import type { Outside } from './compute.ts';
import type { Pack } from './packs.ts';

/** A loop as it is run. */
export interface ScanProgram {
  /** The loop in the graph. */
  readonly scan: Scan;
  /** What each step computes, in order. */
  readonly body: readonly (number | Pack)[];
  /** The pack that a body value is computed in. */
  readonly packs: ReadonlyMap<number, Pack>;
  /** Body values that are wanted at every step. */
  readonly stacked: readonly number[];
  /** Runs all steps at once, where the backend has kernels for this loop; undefined for a batch that they don't suit. */
  readonly whole?: WholeScan | undefined;
}

/** Runs a loop without going from step to step. */
export type WholeScan = (outside: Outside) => ScanResult | undefined;

/** Finds loops that a backend runs at once, by their structure. @param stacked - body values wanted at every step. */
export type FindWhole = (graph: Graph, scan: Scan, stacked: readonly number[]) => WholeScan | undefined;

/** What a loop leaves behind. */
export interface ScanResult {
  /** Carries after the last step. */
  readonly finals: readonly Tensor[];
  /** A wanted body value at every step, in the order of time: `[time, batch, …shape]`. */
  readonly stack: (id: number) => Tensor;
}
