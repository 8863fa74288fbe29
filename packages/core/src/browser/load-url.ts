// Loads a model from a URL: the address of its folder.
import type { Learns } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { modelKind, vocabularyFile, weightsFile } from '../model/format.ts';
import { fromFiles, type PluginSource } from '../model/from-files.ts';
import type { LoadSettings, Model } from '../pipeline/types.ts';

/**
 * The model whose files lie at `url`, the address of the folder with or without a slash at its end.
 * @throws UnrolledError `MODEL_NOT_FOUND`, `MODEL_READ_FAILED` where the server can't be reached or refuses, and what
 * `fromFiles` throws
 */
export async function loadUrl<Label extends string = string, L extends Learns = 'label'>(
  url: string | URL,
  registry: PluginSource,
  settings: LoadSettings = {},
): Promise<Model<Label, L>> {
  const folder = String(url).replace(/\/*$/, '/');
  const files = new Map<string, Uint8Array>();
  for (const name of [modelKind.head, weightsFile, vocabularyFile]) {
    const bytes = await fetchFile(`${folder}${name}`);
    if (bytes) files.set(name, bytes);
    else if (name === modelKind.head)
      throw new UnrolledError('MODEL_NOT_FOUND', `There is no model at ${folder}.`, {
        mend: `Serve the files of the folder that save wrote, ${name} among them.`,
      });
  }
  return fromFiles<Label, L>(files, registry, settings);
}

/** A file's bytes; undefined where the server has none. */
async function fetchFile(url: string): Promise<Uint8Array | undefined> {
  let response: Response;
  try {
    response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw readFailed(url, String(cause), cause);
  }
  if (response.status === 404 || response.status === 410) return undefined;
  throw readFailed(url, `the server answered ${response.status}`);
}

function readFailed(url: string, problem: string, cause?: unknown): UnrolledError {
  return new UnrolledError('MODEL_READ_FAILED', `${url} could not be read: ${problem}.`, {
    mend: 'Look at the address, the connection and what the server allows.',
    cause,
  });
}
