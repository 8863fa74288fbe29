/** Its folder, inside the repository's cache. */
export declare const home: string;
/** Holds the hash of what it was built from; written last. */
export declare const stamp: string;
/** The package. */
export declare const packageFolder: string;
/** What its installer would have fetched: the part in C++, bound to a TensorFlow library. */
export declare const binding: string;
/** Whether a finished build is there. */
export declare const isReady: () => boolean;
