// The plug-ins that this example mixes: the default ones and TensorFlow.js.
import { tfjs } from '@unrolled/backend-tfjs';
import { registry as standard } from 'unrolled';

/** Everything in `unrolled`, and TensorFlow.js to compute with. */
export const registry = /* @__PURE__ */ standard.with([tfjs]);

/** Names of the labels, in the order of class numbers. */
export const labels = ['negative', 'positive'] as const;

/** TensorFlow.js on WebAssembly. */
export const backend = { use: 'tfjs', with: { device: 'wasm' } } as const;
