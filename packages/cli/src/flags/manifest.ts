// Flags → manifest: what the flags name replaces those parts of the manifest that they start from.
import type { AnyRegistry, Json, Plugin } from '@unrolled/core';
import { usageError } from '../usage.ts';
import { COMPILE_FLAGS, compileSettings } from './compute.ts';
import { asDraft, type Draft } from './draft.ts';
import type { Flag, FlagValues } from './flag.ts';
import { chosenOptions, type PluginOption, pluginOptions, SLOTS, type SlotName } from './plugin-flags.ts';
import { FLAGS_OF_LAYERS, fitToTask, hasEncoder, refuseFlagsOfEncoder } from './task.ts';

/** Flags that shape the manifest, besides those that are generated from options. */
export const MANIFEST_FLAGS: readonly Flag[] = [
  ...SLOTS.map((kind) => ({ name: kind, value: 'NAME', description: `the ${kind}` })),
  { name: 'layers', value: 'N', description: 'number of recurrent layers, all alike; 0 for none' },
  { name: 'direction', value: 'forward|backward|both', description: 'which way the layers run over time' },
  { name: 'dropout', value: 'RATE', description: "dropout of each layer's input, a new mask at each step" },
  { name: 'dropout-sequence', value: 'RATE', description: "dropout of each layer's input, one mask per sequence" },
  { name: 'dropout-output', value: 'RATE', description: "dropout of each layer's output" },
  { name: 'clip-norm', value: 'N', description: 'bound on the global norm of the gradients' },
  { name: 'clip-value', value: 'N', description: 'bound on each element of the gradients' },
  ...COMPILE_FLAGS,
  {
    name: 'labels',
    value: 'LIST',
    description: 'labels in order, or stored=shown pairs: negative,positive or 0=negative,1=positive',
  },
];

/**
 * The manifest that flags make of `base` (by default: the first registered plug-in of each kind that has to be there).
 * Naming another plug-in for a slot starts from its own defaults; only options that are sizes stay, where it has them. Naming
 * a task also fits those slots to it that no flag names.
 * @throws UnrolledError `FLAG_INVALID`
 */
export function manifestFromFlags(
  values: FlagValues,
  registry: AnyRegistry,
  base: unknown,
  taken: ReadonlySet<string>,
): Draft {
  const draft = structuredClone(base ?? firstOfEach(registry)) as Draft;
  const options: readonly PluginOption[] = pluginOptions(registry);
  const encodes = hasEncoder(draft);
  if (encodes) refuseFlagsOfEncoder(values, options, taken);
  for (const kind of SLOTS) {
    const name = values.text(kind);
    if (name !== undefined) editSlots(draft, kind, (slot) => renamed(slot, name, registry, kind));
  }
  fitToTask(draft, values, registry);
  if (!encodes) editLayers(draft, values);
  editClip(draft, values);
  const compile = compileSettings(values);
  if (Object.keys(compile).length > 0) draft.backend = { ...asDraft(draft.backend), ...compile };
  const labels = values.text('labels');
  if (labels !== undefined) draft.target = { ...asDraft(draft.target), labels: parseLabels(labels) };

  for (const { kind, plugin, option, value } of chosenOptions(values, options, chosenNames(draft), taken))
    editSlots(draft, kind, (slot) =>
      slot.use === plugin.name ? { ...slot, with: { ...asDraft(slot.with), [option]: value } } : slot,
    );
  return draft;
}

function firstOfEach(registry: AnyRegistry): Draft {
  const first = (kind: SlotName) => {
    const plugin = registry.plugins.find((candidate) => candidate.kind === kind);
    return plugin && { use: plugin.name };
  };
  const slots = (kinds: readonly SlotName[]) =>
    Object.fromEntries(kinds.flatMap((kind) => (first(kind) ? [[kind, first(kind) as Json]] : [])));
  const cell = first('cell');
  return {
    input: slots(['tokenizer', 'vectorizer']),
    ...(cell && { layers: [cell] }),
    ...slots(['task', 'optimizer', 'trainer', 'backend']),
  };
}

/** Applies `edit` to the slot, or slots, of a kind; a slot that is not there yet starts empty. */
function editSlots(draft: Draft, kind: SlotName, edit: (slot: Draft) => Draft): void {
  if (kind === 'cell') draft.layers = isEmpty(draft.layers) ? [] : layersOf(draft).map(edit);
  else if (kind === 'tokenizer' || kind === 'vectorizer') {
    const input = asDraft(draft.input);
    draft.input = { ...input, [kind]: edit(asDraft(input[kind])) };
  } else draft[kind] = edit(asDraft(draft[kind]));
}

function renamed(slot: Draft, name: string, registry: AnyRegistry, kind: SlotName): Draft {
  if (slot.use === name) return slot;
  const plugin: Plugin | undefined = registry.find(kind, name);
  const fields = (plugin?.options.fields ?? {}) as Record<string, { readonly type: string }>;
  const sizes = Object.entries(asDraft(slot.with)).filter(([option]) => fields[option]?.type === 'size');
  const { use: _use, with: _with, ...around } = slot;
  return { use: name, ...(sizes.length > 0 && { with: Object.fromEntries(sizes) }), ...around };
}

function editLayers(draft: Draft, values: FlagValues): void {
  const count = values.integer('layers', 0);
  if (count === 0 || (count === undefined && isEmpty(draft.layers))) {
    refuseLayerFlags(values);
    draft.layers = [];
    return;
  }
  if (count !== undefined) {
    const layers = layersOf(draft);
    draft.layers = Array.from({ length: count }, (_, i) => layers[Math.min(i, layers.length - 1)] as Json);
  }
  const direction = values.choice('direction', ['forward', 'backward', 'both']);
  if (direction !== undefined) draft.layers = layersOf(draft).map((layer) => ({ ...layer, direction }));
  for (const [flag, key] of [
    ['dropout', 'input'],
    ['dropout-sequence', 'inputSequence'],
    ['dropout-output', 'output'],
  ] as const) {
    const rate = values.numberThat(flag, 'a rate of at least 0 and below 1', (given) => given >= 0 && given < 1);
    if (rate !== undefined)
      draft.layers = layersOf(draft).map((layer) => ({
        ...layer,
        dropout: { ...asDraft(layer.dropout), [key]: rate },
      }));
  }
}

/** Without layers nothing can be said of them. @throws UnrolledError `FLAG_INVALID` */
function refuseLayerFlags(values: FlagValues): void {
  const given = FLAGS_OF_LAYERS.find((name) => values.has(name));
  if (given === undefined) return;
  throw usageError('FLAG_INVALID', `--${given} is about layers, but there are none.`, `Leave out --${given}.`);
}

function editClip(draft: Draft, values: FlagValues): void {
  for (const key of ['norm', 'value'] as const) {
    const bound = values.numberThat(`clip-${key}`, 'a number greater than 0', (given) => given > 0);
    if (bound === undefined) continue;
    const optimizer = asDraft(draft.optimizer);
    draft.optimizer = { ...optimizer, clip: { ...asDraft(optimizer.clip), [key]: bound } };
  }
}

function parseLabels(text: string): Json {
  const parts = text.split(',').map((part) => part.trim());
  const pairs = parts.map((part) => part.split('='));
  if (pairs.every(({ length }) => length === 1)) return parts;
  if (pairs.every(({ length }) => length === 2)) return Object.fromEntries(pairs);
  throw usageError(
    'FLAG_INVALID',
    `--labels must be a list or stored=shown pairs, but ${JSON.stringify(text)} was given.`,
    'Write negative,positive or 0=negative,1=positive.',
  );
}

function chosenNames(draft: Draft): Partial<Record<SlotName, readonly string[]>> {
  const input = asDraft(draft.input);
  return Object.fromEntries(
    SLOTS.map((kind) => {
      const slots =
        kind === 'cell'
          ? isEmpty(draft.layers)
            ? []
            : layersOf(draft)
          : [asDraft(kind in input ? input[kind] : draft[kind])];
      return [kind, slots.map(({ use }) => String(use))];
    }),
  );
}

function layersOf(draft: Draft): readonly Draft[] {
  return Array.isArray(draft.layers) && draft.layers.length > 0 ? (draft.layers as Draft[]) : [{}];
}

function isEmpty(layers: Json | undefined): boolean {
  return Array.isArray(layers) && layers.length === 0;
}
