// A process of its own, for worker.test.ts: it ends by itself, but not before what it started in a worker.
import { openWorker } from '../../src/worker.ts';
import { manifest, reviews } from '../support.ts';

const worker = await openWorker();
const pipeline = worker.pipeline(manifest() as never);
pipeline.fit(reviews(30), { epochs: 2 }).then(({ updates }) => process.stdout.write(`${updates} updates\n`));
