// From plain data to a resolved pipeline: looks every name up, fills every option in and checks that the pieces fit.
import type { CompileSettings } from '../contracts/executable.ts';
import type { ClipDescription, Direction, LayerDropout } from '../contracts/network.ts';
import type { Cell, Plugin } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { MEMORY_FORM, memoryBytes } from '../memory-size.ts';
import { nearest } from '../nearest.ts';
import { type Json, parseOptions } from '../options.ts';
import type { Chosen, ChosenLayer, ManifestData, ResolvedPipeline } from '../resolved.ts';
import type { OfKind, SlotKind } from './manifest.ts';
import { type Draft, findMisfits, learnsOf, misfitError, sequenceParts } from './misfits.ts';
import { given, invalid, isObject, join, members, numberThat, plainCopy, textThat, word, wrong } from './read.ts';
import type { partPhrases } from './sentences.ts';
import { LANGUAGE, MANIFEST_FORMAT } from './versions.ts';

const manifestKeys = [
  'format',
  'language',
  'input',
  'target',
  'layers',
  'encoder',
  'decoder',
  'attention',
  'task',
  'loss',
  'optimizer',
  'trainer',
  'backend',
] as const;

/** Places that are read on the way: kinds without a plug-in. */
interface Findings {
  readonly unregistered: { path: string; kind: SlotKind }[];
}

/**
 * Checks a manifest that came as plain data against the plug-ins and fills in their options.
 * @throws UnrolledError `MANIFEST_INVALID` for what is not a manifest, `MANIFEST_NEWER` or `LANGUAGE_NEWER`
 * for one of a newer version, `PLUGIN_UNKNOWN`, `OPTION_INVALID`, `MANIFEST_MISFIT` with the sentences that the types say, or a trainer's own.
 */
export function resolveManifest(plugins: readonly Plugin[], json: unknown): ResolvedPipeline {
  const given = members(json, '', manifestKeys);
  checkVersion('format', given.format, MANIFEST_FORMAT);
  checkVersion('language', given.language, LANGUAGE);
  const found: Findings = { unregistered: [] };
  const slot = slotReader(plugins, found);
  const input = members(required(given.input, 'input'), 'input', ['tokenizer', 'vectorizer']);
  const target = readTarget(given.target);
  const task = slot('task', required(given.task, 'task'), 'task');
  const learns = task && learnsOf(task.plugin);
  const layered = learns === 'sequence' ? given.decoder : given.layers && given;
  const layersAt = learns === 'sequence' ? 'decoder.layers' : 'layers';
  const pieces = {
    tokenizer: slot('tokenizer', input.tokenizer, 'input.tokenizer'),
    vectorizer: slot('vectorizer', required(input.vectorizer, 'input.vectorizer'), 'input.vectorizer'),
    targetTokenizer: slot('tokenizer', target.tokenizer, 'target.tokenizer'),
    targetVectorizer: slot('vectorizer', target.vectorizer, 'target.vectorizer'),
    labels: target.labels === undefined ? undefined : readLabels(target.labels),
    encoder: given.encoder === undefined ? undefined : readLayers(given.encoder, 'encoder.layers', slot),
    layers: layered === undefined ? undefined : readLayers(layered, layersAt, slot),
    attention: slot('attention', given.attention, 'attention'),
    task,
    learns,
    loss: slot('loss', given.loss, 'loss'),
    optimizer: readOptimizer(given.optimizer, slot),
    trainer: slot('trainer', given.trainer, 'trainer'),
    backend: readBackend(required(given.backend, 'backend'), slot),
  };
  const parts = sequenceParts.filter((part) => partOf(given, part) !== undefined);
  const misfits = findMisfits({ ...pieces, ...found, parts }, plugins);
  if (misfits.length > 0) throw misfitError(misfits);
  pieces.trainer?.plugin.check(pieces.trainer.options);
  return {
    ...(pieces as Complete<typeof pieces>),
    manifest: { format: MANIFEST_FORMAT, language: LANGUAGE, ...(plainCopy(json, '') as ManifestData) },
    losses: plugins.filter((plugin) => plugin.kind === 'loss'),
  };
}

/** With no misfit, every required piece is there. */
type Complete<T> = Omit<T, 'vectorizer' | 'layers' | 'encoder' | 'task' | 'learns' | 'backend'> &
  Pick<ResolvedPipeline, 'vectorizer' | 'layers' | 'encoder' | 'task' | 'learns' | 'backend'>;

/** A part that only some tasks have a use for, as the manifest gives it. */
function partOf(manifest: Readonly<Partial<Record<string, unknown>>>, part: keyof typeof partPhrases): unknown {
  const [slot = '', key] = part.split('.');
  const value = manifest[slot];
  return key === undefined ? value : isObject(value) ? value[key] : undefined;
}

function checkVersion(key: 'format' | 'language', value: unknown, ours: number): void {
  if (value === undefined || value === ours) return;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < ours) throw wrong(key, String(ours), value);
  const message = `The manifest has ${key} ${value}, but these packages read ${key} ${ours}.`;
  throw new UnrolledError(key === 'format' ? 'MANIFEST_NEWER' : 'LANGUAGE_NEWER', message, {
    mend: 'Update the @unrolled packages.',
    data: { key, given: value, expected: ours },
  });
}

function required(value: unknown, path: string): unknown {
  if (value === undefined) throw invalid(`The manifest has no ${path}.`, `Add ${path}.`);
  return value;
}

type SlotReader = <K extends SlotKind>(kind: K, value: unknown, path: string) => Chosen<OfKind<Plugin, K>> | undefined;

/** Reads `{ use, with }`; undefined where it is left out or no plug-in of the kind is registered. */
function slotReader(plugins: readonly Plugin[], found: Findings): SlotReader {
  return <K extends SlotKind>(kind: K, value: unknown, path: string) => {
    if (value === undefined) return undefined;
    const { use, with: options } = readUse(value, path, kind);
    const ofKind = plugins.filter((plugin) => plugin.kind === kind);
    if (ofKind.length === 0) {
      found.unregistered.push({ path: `${path}.use`, kind });
      return undefined;
    }
    const plugin = ofKind.find(({ name }) => name === use) ?? unknownPlugin(kind, use, path, plugins);
    const owner = `${path}.with of ${kind} "${plugin.name}"`;
    const filled = parseOptions<Record<string, Json>>(plugin.options, options, owner);
    return { plugin: plugin as OfKind<Plugin, K>, options: filled };
  };
}

function readUse(value: unknown, path: string, kind: string): { readonly use: string; readonly with: unknown } {
  const example = typeof value === 'string' ? value : kind;
  if (!isObject(value)) throw wrong(path, `an object like { "use": ${JSON.stringify(example)} }`, value);
  const slot = members(value, path, ['use', 'with']);
  if (typeof slot.use !== 'string') throw wrong(`${path}.use`, `the name of a ${kind}`, slot.use);
  return { use: slot.use, with: slot.with };
}

function unknownPlugin(kind: SlotKind, name: string, path: string, plugins: readonly Plugin[]): never {
  const registered = plugins.filter((plugin) => plugin.kind === kind).map((plugin) => plugin.name);
  const near = nearest(name, registered);
  const other = plugins.find((plugin) => plugin.name === name);
  const guess =
    near !== undefined
      ? `Did you mean ${JSON.stringify(near)}? `
      : other
        ? `${JSON.stringify(name)} is a ${other.kind}. `
        : '';
  throw new UnrolledError('PLUGIN_UNKNOWN', `${path}.use: no ${kind} ${JSON.stringify(name)} is registered.`, {
    mend: `${guess}Registered: ${registered.join(', ')}.`,
    data: { path: `${path}.use`, kind, name, registered, nearest: near },
  });
}

/** Splits a slot with keys of its own into them and the plain `{ use, with }`. */
function readExtended<K extends string>(value: unknown, path: string, own: readonly K[]) {
  if (!isObject(value)) return { own: {} as Readonly<Partial<Record<K, unknown>>>, slot: value };
  const all = members(value, path, ['use', 'with', ...own]);
  const slot = { use: all.use, with: all.with };
  return { own: all as Readonly<Partial<Record<K, unknown>>>, slot };
}

function readTarget(value: unknown): Readonly<Partial<Record<'labels' | 'tokenizer' | 'vectorizer', unknown>>> {
  return value === undefined ? {} : members(value, 'target', ['labels', 'tokenizer', 'vectorizer']);
}

function readLabels(value: unknown): NonNullable<ResolvedPipeline['labels']> {
  if (!Array.isArray(value) && !isObject(value))
    throw wrong('target.labels', 'an array of labels, or an object from stored to shown labels', value);
  const labels = Array.isArray(value)
    ? value.map((label) => ({ stored: label, shown: label }))
    : Object.entries(value).map(([stored, shown]) => ({ stored, shown }));
  const seen = new Set<string>();
  for (const { stored, shown } of labels) {
    if (typeof stored !== 'string' || typeof shown !== 'string' || shown === '')
      throw wrong('target.labels', 'made of texts that are not empty', shown);
    if (seen.has(shown)) throw invalid(`target.labels names ${JSON.stringify(shown)} twice.`, 'Name each label once.');
    seen.add(shown);
  }
  return labels as NonNullable<ResolvedPipeline['labels']>;
}

/** The `layers` of what holds them. */
function readLayers(value: unknown, path: string, slot: SlotReader): Draft['layers'] {
  const holder = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const layers = required(
    holder === '' ? (value as ManifestLayers).layers : members(value, holder, ['layers']).layers,
    path,
  );
  if (!Array.isArray(layers)) throw wrong(path, 'an array of layers', layers);
  return layers.map((layer, index) => readLayer(layer, `${path}[${index}]`, slot));
}

interface ManifestLayers {
  readonly layers?: unknown;
}

function readLayer(value: unknown, path: string, slot: SlotReader): ChosenLayer | undefined {
  const { own, slot: plain } = readExtended(value, path, ['direction', 'dropout', 'residual']);
  const cell = slot('cell', plain, path) as Chosen<Cell> | undefined;
  const direction = word<Direction>(own.direction, `${path}.direction`, ['forward', 'backward', 'both']) ?? 'forward';
  const dropout = readDropout(own.dropout, `${path}.dropout`);
  if (own.residual !== undefined && typeof own.residual !== 'boolean')
    throw wrong(`${path}.residual`, 'true or false', own.residual);
  return cell && { ...cell, direction, dropout, residual: own.residual === true };
}

function readDropout(value: unknown, path: string): LayerDropout {
  if (value === undefined) return {};
  const rates = members(value, path, ['input', 'inputSequence', 'output']);
  const rate = (key: keyof LayerDropout) =>
    numberThat(rates[key], join(path, key), 'a rate of at least 0 and below 1', (rate) => rate >= 0 && rate < 1);
  return given({ input: rate('input'), inputSequence: rate('inputSequence'), output: rate('output') });
}

function readOptimizer(value: unknown, slot: SlotReader): ResolvedPipeline['optimizer'] {
  const { own, slot: plain } = readExtended(value, 'optimizer', ['clip']);
  const optimizer = slot('optimizer', plain, 'optimizer');
  const clip = readClip(own.clip);
  return optimizer && { ...optimizer, clip };
}

function readClip(value: unknown): ClipDescription {
  if (value === undefined) return {};
  const bounds = members(value, 'optimizer.clip', ['norm', 'value']);
  const bound = (key: keyof ClipDescription) =>
    numberThat(bounds[key], `optimizer.clip.${key}`, 'a number greater than 0', (bound) => bound > 0);
  return given({ norm: bound('norm'), value: bound('value') });
}

function readBackend(value: unknown, slot: SlotReader): ResolvedPipeline['backend'] | undefined {
  const { own, slot: plain } = readExtended(value, 'backend', ['precision', 'threads', 'memory', 'numerics']);
  const backend = slot('backend', plain, 'backend');
  const settings: CompileSettings = given({
    precision: word(own.precision, 'backend.precision', ['float32', 'float64']),
    threads: numberThat(
      own.threads,
      'backend.threads',
      'a whole number of at least 1',
      (threads) => Number.isInteger(threads) && threads >= 1,
    ),
    memory: textThat(own.memory, 'backend.memory', MEMORY_FORM, (amount) => memoryBytes(amount) !== undefined),
    numerics: word(own.numerics, 'backend.numerics', ['exact', 'fast']),
  });
  return backend && { ...backend, settings };
}
