// What the host tells a compiled call before it runs: words in memory, at the address that the call is given.

/** Words of the header, as byte offsets. */
export const header = {
  /** Number of shards. */
  shards: 0,
  /** Number of sequences. */
  rows: 4,
  /** Steps of the longest sequence. */
  steps: 8,
  /** Steps that sums over steps take at once, the last ones first. */
  group: 12,
  /** Bytes of memory of one thread's own, and where the first one's begins. */
  threadBytes: 16,
  threads: 20,
  /** Where the shards are described. */
  shardTable: 24,
  /** Whether a thread may sleep (thread 0 of a page may not). */
  mayWait: 28,
  /** Parts of the seed's key, and the update that masks are drawn for. */
  keyLow: 32,
  keyHigh: 36,
  update: 40,
  /** Whether masks are drawn; else they are their expectation. */
  draws: 44,
  /** Where the numbers of the examples are, in the order of the rows. */
  examples: 48,
  /** Where the steps are that each sequence had before. */
  starts: 52,
  /** Where the batch's number of each row is, and where the input vectors lie as they were given. */
  order: 56,
  vectors: 60,
  /** Rows of looked-up tables whose gradient is left from before, and how many. */
  stale: 64,
  staleCount: 68,
  /** Rows that have a gradient or one that waits, in ascending order, and how many; where the sums of their squares go. */
  touched: 72,
  touchedCount: 76,
  touchedSums: 80,
  /** Where the addresses of the buffers begin. */
  buffers: 96,
} as const;

/** Words of the description of a shard, as byte offsets. */
export const shard = {
  /** First row, and number of rows. */
  rowBase: 0,
  rowCount: 4,
  /** First position of its steps, and number of positions. */
  positionBase: 8,
  positionCount: 12,
  /** Steps of its longest sequence. */
  steps: 16,
  /** Where its table of steps is: rows that have the step, and its first position. */
  table: 20,
  /** First pair of steps. */
  pairBase: 24,
  bytes: 32,
} as const;

/** Bytes of an entry of the table of steps. */
export const STEP_BYTES = 8;

/** Words that all calls of an executable share, at fixed addresses. */
export const control = {
  /** Float64: global norm of the gradient. */
  norm: 0,
  /** Whether the last step changed the weights. */
  updated: 8,
  /** The next shard that no thread has taken. */
  nextShard: 12,
  /** The barrier of the threads. */
  barrier: 64,
  /** Description of a shard of one row without steps. */
  noShard: 80,
  /** Scalars of the optimizer's equations. */
  scalars: 128,
  bytes: 512,
} as const;

/** Bits of a call's flags. */
export const flag = {
  /** Weights of this call's products must be packed. */
  prepare: 1,
  /** The optimizer changes the weights. */
  apply: 2,
  /** The gradient joins those that wait. */
  keep: 4,
  /** There are gradients that wait. */
  waiting: 8,
  /** What is summed over the rows goes on from later steps of the same sequences. */
  continues: 16,
  /** Earlier steps of the same sequences are still to come, and with them the end of all sums. */
  unfinished: 32,
} as const;
