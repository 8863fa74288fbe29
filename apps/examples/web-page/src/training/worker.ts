// The script of the worker that trains.
import { serveWorker } from 'unrolled/worker';
import { pageRegistry } from './registry.ts';

serveWorker(pageRegistry);
