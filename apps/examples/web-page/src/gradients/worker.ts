// The script of the worker that looks into networks, so that neither the page nor the training waits for it.
import { normsByLag } from './norms-by-lag.ts';

addEventListener('message', ({ data: { network, parameters, batch } }) => {
  postMessage(normsByLag({ network, parameters }, batch));
});
