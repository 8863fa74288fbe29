// Gets onnxruntime-node under .cache/onnxruntime: 0.3 GB that only the bench needs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cache } from './cache.ts';

const version = '1.30.0';
const home = join(cache, '..', 'onnxruntime');
const installed = join(home, 'node_modules', 'onnxruntime-node', 'package.json');

/** A tensor of onnxruntime. */
interface OnnxTensor {
  readonly data: Float32Array;
}

/** A model that is ready to run. */
export interface OnnxSession {
  readonly run: (feeds: Readonly<Record<string, OnnxTensor>>) => Promise<Readonly<Record<string, OnnxTensor>>>;
  readonly release: () => Promise<void>;
}

/** What the bench uses of onnxruntime-node. */
export interface OnnxRuntime {
  readonly InferenceSession: { readonly create: (path: string) => Promise<OnnxSession> };
  readonly Tensor: new (
    type: 'float32' | 'int32' | 'int64',
    data: Float32Array | Int32Array | BigInt64Array,
    shape: readonly number[],
  ) => OnnxTensor;
  readonly env: { readonly versions: { readonly node?: string } };
}

/** Installs it unless it is there. Its install script would fetch a CUDA library; that for processors is in the package. @returns why it can't be had */
export function installOnnxRuntime(): string | undefined {
  if (existsSync(installed) && createRequire(installed)(installed).version === version) return undefined;
  console.log(`bench: installing onnxruntime-node ${version}`);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"private":true}');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const argv = ['install', ...flags, '--save-exact', `onnxruntime-node@${version}`];
  const { status } = spawnSync('npm', argv, {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status === 0 ? undefined : 'npm could not install onnxruntime-node, for the reason above';
}

/** Loads it. */
export function loadOnnxRuntime(): OnnxRuntime {
  return createRequire(installed)('onnxruntime-node') as OnnxRuntime;
}
