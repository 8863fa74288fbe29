// The public face of @unrolled/backend-tfjs-node.
export * from './tfjs-node.ts';
