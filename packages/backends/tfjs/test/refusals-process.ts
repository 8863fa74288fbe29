// What refusals.test.ts runs in processes of its own.
export { tfjs } from '../src/index.ts';
export { idsBatch, reviewsNetwork } from './networks.ts';
