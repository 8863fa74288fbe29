// Loads a model from a folder.
import type { Learns } from '../contracts/plugins.ts';
import { fromFiles, type PluginSource } from '../model/from-files.ts';
import type { LoadSettings, Model } from '../pipeline/types.ts';
import { readFolder } from './read-folder.ts';

/**
 * The model in the folder `path`. Nothing is imported: `registry` must have its tokenizer, its vectorizer and a backend.
 * @param path - or a `file:` URL, as `new URL('./model/', import.meta.url)`.
 * @throws UnrolledError `MODEL_NOT_FOUND`, `MODEL_READ_FAILED`, `NOT_IN_BROWSER`, and what `fromFiles` throws
 */
export async function loadFolder<Label extends string = string, L extends Learns = 'label'>(
  path: string | URL,
  registry: PluginSource,
  settings: LoadSettings = {},
): Promise<Model<Label, L>> {
  return fromFiles<Label, L>(await readFolder(path), registry, settings);
}
