// The manifest that config and flags make, checked; a name that is not registered gets a hint where its package is known.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isUnrolledError, type ResolvedPipeline, UnrolledError } from '@unrolled/core';
import { moduleResolve } from 'import-meta-resolve';
import type { Context } from './context.ts';
import { manifestFromFlags } from './flags/manifest.ts';

/** Packages that are published beside the default ones, with what they need besides themselves. */
export const FURTHER_PACKAGES: Readonly<Record<string, string>> = { '@unrolled/backend-tfjs': '@tensorflow/tfjs' };

/**
 * The manifest of the flags, over that of the config file or the program's own, resolved.
 * @throws UnrolledError `FLAG_INVALID`, and what the registry's `resolve` throws
 */
export function resolveFromFlags({ registry, values, config, program, taken, io }: Context): ResolvedPipeline {
  const manifest = manifestFromFlags(values, registry, config.manifest ?? program.manifest, taken);
  try {
    return registry.resolve(manifest);
  } catch (error) {
    throw isUnrolledError(error, 'PLUGIN_UNKNOWN') ? withHint(error, io.cwd) : error;
  }
}

function withHint(error: UnrolledError, folder: string): UnrolledError {
  const { kind, name } = error.data as { readonly kind: string; readonly name: string };
  const candidates = [`@unrolled/${kind}-${name}`, `unrolled-${kind}-${name}`, name];
  const installed = candidates.find((candidate) => isInstalled(candidate, folder));
  const published = candidates.find((candidate) => Object.hasOwn(FURTHER_PACKAGES, candidate));
  if (!installed && !published) return error;
  const hint = installed
    ? `The package ${installed} is installed: add --plugin ${installed}`
    : `Run: npm install ${published} ${FURTHER_PACKAGES[published as string]}, and add --plugin ${published}`;
  const message = error.mend ? error.message.slice(0, -error.mend.length - 1) : error.message;
  return new UnrolledError(error.code, message, { mend: hint, data: error.data, cause: error });
}

/** Says which backends are installed beside and not in use; they are never taken by themselves. */
export function hintAtBackends({ registry, values, output, io }: Context): void {
  if (values.has('backend')) return;
  for (const name of Object.keys(FURTHER_PACKAGES)) {
    if (registry.plugins.some((plugin) => plugin.package === name) || !isInstalled(name, io.cwd)) continue;
    const backend = name.replace('@unrolled/backend-', '');
    output.note(`${name} is installed: --plugin ${name} --backend ${backend} computes with it.`);
  }
}

/** Whether a package can be found from a folder. */
function isInstalled(name: string, folder: string): boolean {
  if (!/^(?:@[\w.-]+\/)?[a-z][\w.-]*$/.test(name)) return false;
  try {
    moduleResolve(`${name}/package.json`, pathToFileURL(resolve(folder, 'unrolled')), new Set(['node', 'import']));
    return true;
  } catch {
    return false;
  }
}
