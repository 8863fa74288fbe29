// The script of the worker that openWorker starts. A published package has it as one file without imports, since a page's
// import map does not reach its workers.
import { serveWorker } from '@unrolled/core/worker';
import { registry } from '../registry.ts';

serveWorker(registry);
