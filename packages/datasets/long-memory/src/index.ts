// The public face of @unrolled/dataset-long-memory.
export {};
