// The control block that the threads of a pool share: where each word lies.
import { BARRIER_BYTES, BARRIER_FAILED, BARRIER_GENERATION } from './barrier.ts';

/** Bytes of a cache line: what several threads write should not share one. */
const LINE = 64;
const NUMBERS = 64;
const NUMBERS_AT = LINE;
const TEXT_AT = NUMBERS_AT + 8 * NUMBERS;
const TEXT_BYTES = 2048;
const WORKERS_AT = TEXT_AT + TEXT_BYTES;

/** Places in the control block, and what words hold. The worker's script gets it as JSON. */
export const layout = {
  // The job: words of 32 bits.
  program: 0,
  function: 1,
  /** How many numbers it gets. */
  count: 2,
  /** 1 + the thread that failed first, or 0. */
  failed: 3,
  /** Bytes of the text that tells why. */
  textLength: 4,
  /** Byte where the job's numbers begin, float64. */
  numbersAt: NUMBERS_AT,
  /** How many there may be. */
  numbers: NUMBERS,
  /** Byte where the text begins. */
  textAt: TEXT_AT,
  textBytes: TEXT_BYTES,
  /** The word of worker 1, and the words from worker to worker. */
  workers: WORKERS_AT / 4,
  workerWords: LINE / 4,
  /** A worker's word: this bit while it has a job … */
  run: 1,
  /** … plus this for each message that it has not read yet. */
  message: 2,
  /** Looks at a word before a thread sleeps: some 100 microseconds. */
  spins: 20_000,
  // Words of a barrier.
  barrierWords: BARRIER_BYTES / 4,
  barrierGeneration: BARRIER_GENERATION / 4,
  barrierFailed: BARRIER_FAILED / 4,
} as const;

/** Bytes of the control block of so many workers. */
export function controlBytes(workers: number): number {
  return WORKERS_AT + LINE * workers;
}

/** The word of a worker, which is thread 1 or more. */
export function wordOf(thread: number): number {
  return layout.workers + layout.workerWords * (thread - 1);
}
