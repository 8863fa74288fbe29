// A worker of the page's own.
import { registry } from 'unrolled';
import { serveWorker } from 'unrolled/worker';

serveWorker(registry);
