// A worker of a page's own: a registry with a cell more, and an error when it is told to throw one.
import { defineCell, glorotUniform, registry, zeros } from 'unrolled';
import { serveWorker } from 'unrolled/worker';

const echo = defineCell({
  name: 'echo',
  source: 'this file',
  equations: 'h[t] = tanh(Wxh @ x[t] + 0.5 * h[t-1] + b)',
  output: 'h',
  parameters: { Wxh: glorotUniform(), b: zeros() },
});

serveWorker(registry.with([echo]));

addEventListener('message', ({ data }) => {
  if (data === 'throw') throw new Error('thrown in the worker');
});
