// Naming a task fits the rest of the manifest to it, as far as no flag says otherwise.
import type { AnyRegistry, Json, Plugin, Task, Vectorizer } from '@unrolled/core';
import { asDraft, type Draft } from './draft.ts';
import type { FlagValues } from './flag.ts';

/** Flags that say something about layers, besides their number. */
export const FLAGS_OF_LAYERS = ['cell', 'direction', 'dropout', 'dropout-sequence', 'dropout-output'] as const;

/**
 * What a task can do nothing else with: a bag goes without layers and with a vectorizer that makes one; what predicts the next
 * token reads forward; an endless text is trained on by windows. And what a vectorizer of numbers reads has no tokenizer.
 */
export function fitToTask(draft: Draft, values: FlagValues, registry: AnyRegistry): void {
  if (values.has('task')) {
    const task = registry.find('task', String(asDraft(draft.task).use)) as Task | undefined;
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
