// The entry @unrolled/core/worker: a registry's pipelines and models off the caller's thread, in Node and in a browser.
export { type ConnectSettings, connectWorker, type RegistryWorker } from './worker/connect.ts';
export { type ServedRegistry, serveWorker } from './worker/serve.ts';
export type { AnyWorker, NodeWorker, WebWorker } from './worker/worker-like.ts';
