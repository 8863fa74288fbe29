/** The environment's folder, inside the repository's cache. */
export declare const home: string;
/** Holds the hash of what the environment was built from; written last. */
export declare const stamp: string;
/** The environment's Python. */
export declare const python: string;
/** Whether a finished environment is there (of these pins or others). */
export declare const isReady: () => boolean;
/** Variables for a Python process: no GPU, no chatter, one thread, UTF-8, nothing written outside the cache. */
export declare const variables: () => Record<string, string | undefined>;
