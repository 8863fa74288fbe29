// How much a client may ask for, and how long anything may take.

/** The limits of a service. */
export interface Limits {
  /** Bytes of a body, or of one line of a stream. */
  readonly bodyBytes: number;
  /** Tokens of a text, or of one line of a stream. */
  readonly tokens: number;
  /** Texts that go through the network together. */
  readonly batch: number;
  /** Milliseconds that the first text of a batch waits for others. */
  readonly waitMs: number;
  /** Texts that may wait. */
  readonly queue: number;
  /** Streams that may be open at once. */
  readonly streams: number;
  /** Milliseconds that a client may take to send its next bytes or to read an answer. */
  readonly silenceMs: number;
  /** Milliseconds that a stop gives to what has begun. */
  readonly stopMs: number;
}

/** For texts of some sentences. */
export const defaultLimits: Limits = {
  bodyBytes: 16_384,
  tokens: 512,
  batch: 32,
  waitMs: 4,
  queue: 256,
  streams: 64,
  silenceMs: 30_000,
  stopMs: 10_000,
};
