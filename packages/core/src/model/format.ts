// A trained model as files: manifest.json, weights.safetensors, vocabulary.json, and checkpoint/ unless slim.
import { CONTRACT } from '../contracts/plugins.ts';
import { encodeSafetensors } from '../files/safetensors.ts';
import { vocabularyData } from '../pipeline/vocabularies.ts';
import { VERSION } from '../version.ts';
import { encodeJson, type Files, type SetKind, sealFiles } from './file-set.ts';
import type { FittedModel } from './fitted.ts';

/** What a model folder is. */
export const modelKind: SetKind = {
  noun: 'model',
  head: 'manifest.json',
  format: 'unrolled-model',
  version: 1,
  code: 'MODEL',
};

/** File of the weights. */
export const weightsFile = 'weights.safetensors';
/** File of the encoder's data. */
export const vocabularyFile = 'vocabulary.json';
/** The folder inside a model that holds the checkpoint it was trained up to. */
export const checkpointFolder = 'checkpoint/';

/** The model as files. The same model gives the same bytes. @param checkpoint - its files, where they are wanted. */
export async function encodeModel(model: FittedModel, checkpoint: Files | undefined): Promise<Map<string, Uint8Array>> {
  const { parameters } = await model.executable.read();
  const { language } = model.record.network;
  const head = { contract: CONTRACT, language, packages: { '@unrolled/core': VERSION }, ...model.record };
  const files = sealFiles(
    modelKind,
    head,
    new Map([
      [weightsFile, encodeSafetensors(Object.entries(parameters))],
      [vocabularyFile, encodeJson(vocabularyData(model))],
    ]),
  );
  // A checkpoint lists and checks its own files, so that it can be left out without touching the manifest.
  for (const [path, bytes] of checkpoint ?? []) files.set(`${checkpointFolder}${path}`, bytes);
  return files;
}
