// What the bench says to the processes that it measures, and what they answer: one line of JSON each.

/** Makes something ready to be measured. */
export interface PrepareRequest {
  readonly prepare: string;
  readonly given: unknown;
}

/** Calls it `times` times and times all of them, or each. */
export interface RunRequest {
  readonly run: number;
  readonly times: number;
  readonly each: boolean;
}

/** Asks how much memory the process has. */
export interface MemoryRequest {
  readonly memory: true;
}

/** Bytes of a process. */
export interface Memory {
  /** Of the whole process now. */
  readonly resident: number;
  /** In the heap of its language now. */
  readonly heap: number;
  /** Of the whole process when it had most. */
  readonly peak: number;
}

/** A request. */
export type Request = PrepareRequest | RunRequest | MemoryRequest;

/** Facts that a prepared thing tells about itself. */
export type Facts = Readonly<Record<string, unknown>>;

/** How long something took. */
export interface Timing {
  /** Milliseconds on the wall's clock. */
  readonly elapsed: number;
  /** Milliseconds of processors, of all threads: other programs hardly change it, threads that wait by spinning add to it. */
  readonly processor: number;
}

/** The answer to a request, or why there is none. */
export interface Answer {
  /** Unasked, once at the start: what the process measures, with versions. */
  readonly version?: string;
  /** Number of the thing prepared. */
  readonly prepared?: number;
  readonly facts?: Facts;
  /** Of all calls together. */
  readonly timing?: Timing;
  /** Milliseconds of each call. */
  readonly each?: readonly number[];
  readonly memory?: Memory;
  readonly error?: string;
}
