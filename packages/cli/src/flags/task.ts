// Naming a task fits the rest of the manifest to it, as far as no flag says otherwise.
import type { AnyRegistry, Json, Plugin, Task, UnrolledError, Vectorizer } from '@unrolled/core';
import { usageError } from '../usage.ts';
import { asDraft, type Draft } from './draft.ts';
import type { FlagValues } from './flag.ts';
import type { PluginOption } from './plugin-flags.ts';

/** Flags that say something about layers, besides their number. */
export const FLAGS_OF_LAYERS = ['cell', 'direction', 'dropout', 'dropout-sequence', 'dropout-output'] as const;

/** The manifest's keys that hold layers where a sequence is written for another. */
const PLACES_OF_LAYERS = ['encoder', 'decoder'] as const;

/** Whether the layers stand in an encoder and a decoder, which no flag changes. */
export function hasEncoder(draft: Draft): boolean {
  return PLACES_OF_LAYERS.some((key) => draft[key] !== undefined);
}

/** Refuses a flag about the layers of an encoder and a decoder. @throws UnrolledError `FLAG_INVALID` */
export function refuseFlagsOfEncoder(
  values: FlagValues,
  options: readonly PluginOption[],
  taken: ReadonlySet<string>,
): void {
  const ofCells = options.filter(({ kind }) => kind === 'cell');
  const elsewhere = new Set(options.filter(({ kind }) => kind !== 'cell').map(({ short }) => short));
  const names = [
    ...['layers', ...FLAGS_OF_LAYERS],
    ...ofCells.map(({ long }) => long),
    ...ofCells.map(({ short }) => short).filter((short) => !taken.has(short) && !elsewhere.has(short)),
  ];
  const given = names.find((name) => values.has(name));
  if (given === undefined) return;
  throw usageError(
    'FLAG_INVALID',
    `--${given} is about layers, but those of this manifest stand in its encoder and its decoder.`,
    `Change "encoder" and "decoder" in the config file, and leave out --${given}.`,
  );
}

/**
 * What a task can do nothing else with: a bag goes without layers and with a vectorizer that makes one; what predicts the next
 * token reads forward; an endless text is trained on by windows. Where each token has a label, data bring their tokens as they
 * stand, so that texts are read alike: in their case and with punctuation. And what a vectorizer of numbers reads has no tokenizer.
 * @throws UnrolledError `FLAG_INVALID` for a task that flags can't describe
 */
export function fitToTask(draft: Draft, values: FlagValues, registry: AnyRegistry): void {
  if (values.has('task')) {
    const task = registry.find('task', String(asDraft(draft.task).use)) as Task | undefined;
    if (task?.learns === 'sequence' && !hasEncoder(draft)) throw needsManifest(task.name);
    if (task?.learns === 'labels') keepTokens(draft, registry);
    if (task?.accepts === 'bag') fitToBag(draft, values, registry);
    if (task?.learns === 'next' && !values.has('direction')) draft.layers = forward(draft.layers);
  }
  if (readsNumbers(draft, values, registry) && !values.has('tokenizer')) {
    const { tokenizer: _, ...input } = asDraft(draft.input);
    draft.input = input;
  }
  if (values.flag('stream') && !values.has('trainer')) {
    const trainer = find(
      registry,
      draft.trainer,
      'trainer',
      (plugin) => plugin.kind === 'trainer' && plugin.sees === 'window',
    );
    if (trainer) draft.trainer = trainer;
  }
}

function needsManifest(task: string): UnrolledError {
  return usageError(
    'FLAG_INVALID',
    `--task ${task} needs a manifest: its target, encoder and decoder are more than flags describe.`,
    'Name a file with one by --config FILE; the README of @unrolled/cli shows a whole one under "Translating".',
  );
}

/** A tokenizer that can keeps case and punctuation, as far as the manifest does not say otherwise. */
function keepTokens(draft: Draft, registry: AnyRegistry): void {
  const input = asDraft(draft.input);
  const slot = asDraft(input.tokenizer);
  const fields: Readonly<Record<string, unknown>> = registry.find('tokenizer', String(slot.use))?.options.fields ?? {};
  if (!('lowercase' in fields && 'punctuation' in fields)) return;
  const kept = { lowercase: false, punctuation: 'keep', ...asDraft(slot.with) };
  draft.input = { ...input, tokenizer: { ...slot, with: kept } };
}

function fitToBag(draft: Draft, values: FlagValues, registry: AnyRegistry): void {
  if (!values.has('layers') && !FLAGS_OF_LAYERS.some((name) => values.has(name))) draft.layers = [];
  if (values.has('vectorizer')) return;
  const input = asDraft(draft.input);
  const bag = (plugin: Plugin) => plugin.kind === 'vectorizer' && plugin.emits === 'bag';
  const vectorizer = find(registry, input.vectorizer, 'vectorizer', bag);
  if (vectorizer) draft.input = { ...input, vectorizer };
}

function readsNumbers({ input }: Draft, values: FlagValues, registry: AnyRegistry): boolean {
  if (!values.has('vectorizer')) return false;
  const vectorizer = registry.find('vectorizer', String(asDraft(asDraft(input).vectorizer).use)) as
    | Vectorizer
    | undefined;
  return vectorizer?.reads === 'numbers';
}

function forward(layers: Json | undefined): Json {
  return Array.isArray(layers) ? (layers as Json[]).map((layer) => ({ ...asDraft(layer), direction: 'forward' })) : [];
}

/** The slot where its plug-in suits, else one of the first registered that does. */
function find(
  registry: AnyRegistry,
  slot: Json | undefined,
  kind: 'trainer' | 'vectorizer',
  suits: (plugin: Plugin) => boolean,
): Json | undefined {
  const own = registry.find(kind, String(asDraft(slot).use)) as Plugin | undefined;
  if (own && suits(own)) return slot;
  const other = registry.plugins.find(suits);
  return other && { use: other.name };
}
