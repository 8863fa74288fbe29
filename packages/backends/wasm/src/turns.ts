// Lets calls run one after the other, in the order in which they were made.

/** A queue of calls. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a call when all before it are done, whether they succeeded or failed. */
  take<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last.then(call);
    this.#last = result.catch(() => {});
    return result;
  }
}
