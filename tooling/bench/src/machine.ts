// What was measured on: for the report.
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** A machine. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
}

/** This one. */
export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 1e9),
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
  };
}

/** Processes that wanted a core on average over the last minute. */
export function load(): number {
  return Math.round(100 * (loadavg()[0] as number)) / 100;
}
