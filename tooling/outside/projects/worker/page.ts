// A page: training in a worker. bundle.ts bundles it; npm run test:browser opens pages like it.
import { openWorker } from 'unrolled/worker';
import { examples, manifest } from './manifest.js';

const worker = await openWorker();
const { updates } = await worker.pipeline(manifest).fit(examples, { epochs: 3 });
document.title = `${updates} updates`;
