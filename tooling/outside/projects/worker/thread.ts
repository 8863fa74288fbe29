// The script of a worker of this project's own.
import { registry } from 'unrolled';
import { serveWorker } from 'unrolled/worker';

serveWorker(registry);
