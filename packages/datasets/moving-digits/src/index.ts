// The public face of @unrolled/dataset-moving-digits.
export {};
