// The checks of every backend, on the devices that Node has, with every part of the language compared with the reference.
import { reference } from '@unrolled/backend-reference';
import { backendConformance, conform } from '@unrolled/plugin-kit';
import { describe, it } from 'vitest';
import { on } from './devices.ts';

describe.each(['cpu', 'wasm'] as const)('%s', (device) => {
  conform(it, backendConformance(on(device), { reference }));
});
