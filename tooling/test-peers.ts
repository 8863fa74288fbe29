// npm run test:peers: compares live with PyTorch, Keras and others, in a pinned Python environment under .cache; then tests the
// backend that needs TensorFlow.js for Node.
import { runSteps } from './testing/steps.ts';
import { vitest } from './testing/vitest.ts';

process.exit(
  await runSteps([
    vitest('peers', ['node', 'tooling/peers/run.mjs']),
    vitest('tfjs-node', ['node', 'tooling/tfjs-node/run.mjs']),
  ]),
);
