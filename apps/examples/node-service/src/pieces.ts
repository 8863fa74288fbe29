// The plug-ins that the service loads a model with. To serve one with others, register them here: standard.with([…]).
import { defaultManifest, registry as standard } from 'unrolled';

/** Everything in `unrolled`: tokenizers, vectorizers and backends that a saved model may need. */
export const registry = standard;

/** What computes unless a flag names another: the backend that `unrolled` ships as its default. */
export const defaultBackend: string = defaultManifest.backend.use;

/** Where `npm run train` saves the model and `npm start` looks for it. */
export const defaultFolder = 'out/model';
