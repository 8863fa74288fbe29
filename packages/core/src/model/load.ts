// Loads a model from wherever it is: files in memory, a URL, or, in Node, a folder.
import type { Learns } from '../contracts/plugins.ts';
import type { LoadSettings, Model } from '../pipeline/types.ts';
import type { Files } from './file-set.ts';
import { fromFiles, type PluginSource } from './from-files.ts';

/** Files in memory; an `http:` or `https:` URL; a path or `file:` URL in Node, a relative URL in a browser. */
export type ModelSource = Files | string | URL;

/**
 * The model at `source`. No code is imported for it: `registry` must have its tokenizer, its vectorizer and a backend.
 * @throws UnrolledError `MODEL_NOT_FOUND`, `MODEL_READ_FAILED`, and what `fromFiles` throws
 */
export async function loadModel<Label extends string = string, L extends Learns = 'label'>(
  source: ModelSource,
  registry: PluginSource,
  settings: LoadSettings = {},
): Promise<Model<Label, L>> {
  if (typeof source !== 'string' && !(source instanceof URL)) return fromFiles<Label, L>(source, registry, settings);
  if (isRemote(source) || !hasFolders()) {
    const { loadUrl } = await import('../browser/load-url.ts');
    return loadUrl<Label, L>(source, registry, settings);
  }
  const { loadFolder } = await import('../node/load-folder.ts');
  return loadFolder<Label, L>(source, registry, settings);
}

function isRemote(source: string | URL): boolean {
  return /^https?:/.test(String(source));
}

/** Whether there is a file system, as in Node, Deno and Bun. */
function hasFolders(): boolean {
  const host = (globalThis as { process?: { getBuiltinModule?: unknown } }).process;
  return typeof host?.getBuiltinModule === 'function';
}
