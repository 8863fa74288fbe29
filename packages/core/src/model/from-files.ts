// A model from its files: needs its tokenizer, its vectorizer and any backend, but no cell, trainer, optimizer or data.
import type { CompileSettings, Executable, Tensors } from '../contracts/executable.ts';
import type { InputDescription, NetworkDescription } from '../contracts/network.ts';
import type { Backend, Learns, Plugin, Tokenizer, TokenizerInstance, Vectorizer } from '../contracts/plugins.ts';
import { isUnrolledError, UnrolledError } from '../errors.ts';
import { decodeSafetensors } from '../files/safetensors.ts';
import { parseOptions } from '../options.ts';
import { compileWithDecoder } from '../pipeline/decoder.ts';
import { withoutTraining } from '../pipeline/describe-network.ts';
import { labelTable } from '../pipeline/labels.ts';
import { createModel } from '../pipeline/model.ts';
import type { Encoders } from '../pipeline/prepare.ts';
import type { LoadSettings, Model } from '../pipeline/types.ts';
import { restoreEncoders } from '../pipeline/vocabularies.ts';
import { corrupt, decodeJson, type Files, fileOf, openFiles } from './file-set.ts';
import { checkpointFolder, modelKind, vocabularyFile, weightsFile } from './format.ts';
import { readRecord } from './read-record.ts';
import type { ModelRecord, Piece } from './record.ts';

/** What a model is loaded with: plug-ins. A registry is one. */
export interface PluginSource {
  /** Tokenizers, vectorizers and backends are looked up; the others are not needed. */
  readonly plugins: readonly Plugin[];
}

/**
 * A model from what `toFiles` gave.
 * @throws UnrolledError `MODEL_INCOMPLETE`, `MODEL_CORRUPT` (both name the file), `MODEL_NEWER`, `PLUGIN_MISSING` with the
 * install line, `OPTION_INVALID` where an installed plug-in no longer has an option of the model
 */
export async function fromFiles<Label extends string = string, L extends Learns = 'label'>(
  files: Files,
  source: PluginSource,
  settings: LoadSettings = {},
): Promise<Model<Label, L>> {
  const record = readRecord(openFiles(modelKind, files));
  const vocabulary = decodeJson(modelKind, vocabularyFile, fileOf(modelKind, files, vocabularyFile));
  const parameters = readWeights(fileOf(modelKind, files, weightsFile));
  const tokenizer = tokenizerOf(source, record.tokenizer);
  const targetTokenizer = tokenizerOf(source, record.targetTokenizer);
  const encoders = restoreEncoders(
    {
      vectorizer: vectorizerOf(source, record.vectorizer),
      targetVectorizer: record.targetVectorizer && vectorizerOf(source, record.targetVectorizer),
    },
    vocabulary,
  );
  checkInputs(record, encoders);
  const { executable, decoder } = await compileWithDecoder(withoutTraining(record.network), (network) =>
    compile(network, record, source, settings),
  );
  await writeWeights(executable, parameters);
  const fitted = {
    record,
    tokenizer,
    targetTokenizer,
    ...encoders,
    labels: labelTable(record.labels),
    decoder,
    executable,
  };
  const slim = new Map([...files].filter(([path]) => !path.startsWith(checkpointFolder)));
  return createModel<Label, L>(
    () => fitted,
    async () => new Map(slim),
  );
}

/** What the encoders give must be what the network reads. @throws UnrolledError `MODEL_CORRUPT` */
function checkInputs(
  { network, vectorizer, targetVectorizer }: ModelRecord,
  { encoder, targetEncoder }: Encoders,
): void {
  const fits = (given: InputDescription, read: InputDescription | undefined) =>
    given.kind === read?.kind && sizeOf(given) === sizeOf(read);
  const refuse = ({ use }: Piece): never => {
    throw corrupt(modelKind, vocabularyFile, `what ${JSON.stringify(use)} gives is not what the network reads`);
  };
  const source = network.source?.kind === 'encoder' ? network.source.input : undefined;
  if (!fits(encoder.input, targetEncoder ? source : network.input)) refuse(vectorizer);
  if (targetEncoder && !fits(targetEncoder.input, network.input)) refuse(targetVectorizer as Piece);
}

function sizeOf(input: InputDescription): number {
  return input.kind === 'ids' ? input.vocabulary : input.size;
}

function tokenizerOf(source: PluginSource, piece: Piece | undefined): TokenizerInstance | undefined {
  if (!piece) return undefined;
  const tokenizer = pieceOf(source, 'tokenizer', piece) as Tokenizer;
  return tokenizer.create(optionsOf(tokenizer, piece));
}

function vectorizerOf(source: PluginSource, piece: Piece) {
  const plugin = pieceOf(source, 'vectorizer', piece) as Vectorizer;
  return { plugin, options: optionsOf(plugin, piece) };
}

function pieceOf({ plugins }: PluginSource, kind: 'tokenizer' | 'vectorizer' | 'backend', piece: Piece): Plugin {
  const found = plugins.find((plugin) => plugin.kind === kind && plugin.name === piece.use);
  if (found) return found;
  const message = `The model needs ${kind} "${piece.use}" of ${piece.package}, which is not registered.`;
  throw new UnrolledError('PLUGIN_MISSING', message, {
    mend: `Install it with: npm install ${piece.package}, and give it to createRegistry.`,
    data: { kind, name: piece.use, package: piece.package },
  });
}

function optionsOf(plugin: Plugin, piece: Piece): unknown {
  return parseOptions(plugin.options, piece.with, `${plugin.kind} "${plugin.name}" of the model`);
}

async function compile(
  network: NetworkDescription,
  record: ModelRecord,
  source: PluginSource,
  settings: LoadSettings,
): Promise<Executable> {
  const backend = chooseBackend(record, source, settings);
  const own = backend.name === record.backend.use;
  const options = own ? optionsOf(backend, record.backend) : backend.options.defaults;
  const { precision, ...others } = record.backend.settings;
  const computes = precision !== undefined && (backend.precisions as readonly string[]).includes(precision);
  const compute: CompileSettings = { ...others, ...(computes && { precision }), ...settings.compute };
  try {
    return await backend.compile(options)(network, compute);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause; // sizes that no memory holds
    throw corrupt(modelKind, modelKind.head, `its network can't be built (${cause.message})`, cause);
  }
}

/** The backend asked for; else the one that trained the model where it is registered; else the first that is. */
function chooseBackend(record: ModelRecord, source: PluginSource, { backend }: LoadSettings): Backend {
  if (backend !== undefined)
    return pieceOf(source, 'backend', { use: backend, with: {}, package: `@unrolled/backend-${backend}` }) as Backend;
  const registered = source.plugins.filter((plugin): plugin is Backend => plugin.kind === 'backend');
  const found = registered.find(({ name }) => name === record.backend.use) ?? registered[0];
  return found ?? (pieceOf(source, 'backend', record.backend) as Backend);
}

function readWeights(bytes: Uint8Array): Tensors {
  try {
    return Object.fromEntries(decodeSafetensors(bytes).tensors) as Tensors;
  } catch (cause) {
    if (!isUnrolledError(cause)) throw cause;
    throw corrupt(modelKind, weightsFile, cause.message, cause);
  }
}

async function writeWeights(executable: Executable, parameters: Tensors): Promise<void> {
  const missing = executable.parameters.find(({ name }) => !Object.hasOwn(parameters, name));
  try {
    if (missing) throw corrupt(modelKind, weightsFile, `it has no "${missing.name}"`);
    await executable.write({ parameters });
  } catch (cause) {
    executable.dispose();
    if (!isUnrolledError(cause) || cause.code === 'MODEL_CORRUPT') throw cause;
    throw corrupt(modelKind, weightsFile, cause.message, cause);
  }
}
