/**
 * TensorFlow.js with its backend for Node, a copy apart from any other that the process has.
 * @throws Error where it is not built yet
 */
export declare function loadTfjsNode(): typeof import('@tensorflow/tfjs');
/** The same while it is being built. */
export declare function loadUnchecked(): typeof import('@tensorflow/tfjs');
