// The default worker, and one of the page's own, as a bundler finds them.
import { connectWorker, openWorker } from 'unrolled/worker';
import { train } from '../train.js';

const page = globalThis as { trained?: unknown; trainedByOther?: unknown };

page.trained = await train(await openWorker());
const own = new Worker(new URL('./own-worker.ts', import.meta.url), { type: 'module' });
page.trainedByOther = await train(await connectWorker(own));
