// Who is measured, and how to start each. A peer that can't be had is skipped, with a sentence that says why.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { python, variables } from '@unrolled/peers';
import { isTfjsNodeReady } from '@unrolled/tfjs-node-install';
import type { PeerName } from './arguments.ts';
import { installOnnxRuntime } from './onnxruntime.ts';
import type { Command } from './server.ts';

const here = fileURLToPath(new URL('..', import.meta.url));

/** Our own process. */
export const oursCommand: Command = node('ours.ts');

/** A fresh process of ours for each start. */
export const startUpCommand: Command = node('start-up.ts');

/**
 * Lets PyTorch's threads sleep while they wait. By default they spin, which is a little faster on a quiet machine and many
 * times slower on one that others use.
 */
export const asleep = { OMP_WAIT_POLICY: 'passive' } as const;

/** Whether a family of peers can be measured: how to start its process, or why not. */
export type Access = { readonly command: Command } | { readonly missing: string };

/** Looks a family up, and installs what can be installed without asking. Each is looked up once. */
export function accessTo(peer: PeerName): Access {
  const known = accesses.get(peer) ?? access(peer);
  accesses.set(peer, known);
  return known;
}

const accesses = new Map<PeerName, Access>();

function access(peer: PeerName): Access {
  switch (peer) {
    case 'tfjs-cpu':
      return { command: node('tfjs.ts', 'cpu') };
    case 'tfjs-wasm':
      return { command: node('tfjs.ts', 'wasm') };
    case 'tfjs-node':
      if (!isTfjsNodeReady()) return { missing: 'it is not built; `npm run setup:tfjs-node` does that' };
      return { command: node('tfjs.ts', 'node') };
    case 'keras':
      return pythonAccess('keras_server.py');
    case 'pytorch':
      return pythonAccess('pytorch_server.py');
    case 'scikit-learn':
      return pythonAccess('scikit_learn_server.py');
    case 'gensim':
      return pythonAccess('gensim_server.py');
    case 'onnxruntime': {
      const problem = installOnnxRuntime();
      return problem === undefined ? { command: node('onnxruntime.ts') } : { missing: problem };
    }
  }
}

function node(script: string, ...argv: readonly string[]): Command {
  const flags = ['--expose-gc', '--conditions=@unrolled/source', '--import', 'tsx'];
  return { program: process.execPath, argv: [...flags, join(here, 'servers', script), ...argv], env: process.env };
}

let environment: string | undefined | false = false;

function pythonAccess(script: string): Access {
  if (environment === false) environment = setUpPython();
  if (environment !== undefined) return { missing: environment };
  // The tests' single thread and plain kernels would hold the peers back.
  const { OMP_NUM_THREADS: _, TF_ENABLE_ONEDNN_OPTS: __, ...env } = variables();
  return { command: { program: python, argv: [join(here, 'servers', script)], env } };
}

/** Builds the Python environment where it is missing. @returns why it can't be had */
function setUpPython(): string | undefined {
  const { status } = spawnSync(process.execPath, [join(here, '..', 'peers', 'setup.mjs')], { stdio: 'inherit' });
  return status === 0 ? undefined : 'the Python environment can’t be had, for the reason above';
}
