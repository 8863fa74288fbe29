// Misfits at run time: the same sentences as the types', for a manifest that came as plain data.
import type { Direction } from '../contracts/network.ts';
import type { Emission, Learns, Plugin, Task, Tokenizer, Vectorizer } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { learnsLabels } from '../pipeline/labels.ts';
import type { Chosen, ChosenLayer, ResolvedPipeline } from '../resolved.ts';
import type { SlotKind } from './manifest.ts';
import { emissionPhrases, partPhrases, sentence } from './sentences.ts';

/** A place in a manifest where its pieces don't fit. */
export interface Misfit {
  /** Where: `layers[0].use`. */
  readonly path: string;
  /** What doesn't fit; the types say the same there. */
  readonly sentence: string;
  /** How to mend it. */
  readonly mend: string;
}

/** A manifest whose names are looked up, before it is known whether the pieces fit. */
export interface Draft {
  /** Slots whose kind has no plug-in at all. */
  readonly unregistered: readonly { readonly path: string; readonly kind: SlotKind }[];
  /** Parts that are given of those that only some tasks have a use for. */
  readonly parts: readonly (keyof typeof partPhrases)[];
  /** Undefined where none is registered. */
  readonly task: Chosen<Task> | undefined;
  /** Of the task. */
  readonly learns: Learns | undefined;
  /** Undefined where there is none. */
  readonly encoder: readonly (ChosenLayer | undefined)[] | undefined;
  /** Undefined where none is named. */
  readonly tokenizer: Chosen<Tokenizer> | undefined;
  /** Undefined where none is registered. */
  readonly vectorizer: Chosen<Vectorizer> | undefined;
  /** Undefined where they are learned. */
  readonly labels: ResolvedPipeline['labels'];
  /** Undefined where there are none in the place that the task needs them in; an undefined layer has no registered cell. */
  readonly layers: readonly (ChosenLayer | undefined)[] | undefined;
  /** Undefined where none is named. */
  readonly loss: ResolvedPipeline['loss'];
  /** Undefined where none is named. */
  readonly trainer: ResolvedPipeline['trainer'];
  /** Undefined where none is registered. */
  readonly backend: ResolvedPipeline['backend'] | undefined;
}

/** Everything that doesn't fit, in the order of the manifest's own parts. */
export function findMisfits(draft: Draft, plugins: readonly Plugin[]): readonly Misfit[] {
  return [
    ...draft.unregistered.map(unregistered),
    ...inputMisfits(draft, plugins),
    ...labelMisfits(draft),
    ...layerMisfits(draft, plugins),
    ...partMisfits(draft),
    ...taskMisfits(draft, plugins),
    ...lossMisfits(draft, plugins),
    ...backendMisfits(draft, plugins),
  ];
}

/** The error that says all of `misfits`. */
export function misfitError(misfits: readonly Misfit[]): UnrolledError {
  const said = misfits.map(({ path, sentence }) => `${path}: ${sentence}.`);
  const mend = [...new Set(misfits.map((misfit) => misfit.mend))].join(' ');
  return new UnrolledError('MANIFEST_MISFIT', said.join('\n'), { mend, data: { misfits } });
}

function unregistered({ path, kind }: Draft['unregistered'][number]): Misfit {
  return { path, sentence: sentence('noPlugin', { kind }), mend: `Give createRegistry a ${kind} plug-in.` };
}

/** What a task learns: what it says, else what follows from how often it answers. */
export function learnsOf({ learns, answers }: Pick<Task, 'learns' | 'answers'>): Learns {
  return learns ?? (answers === 'once' ? 'label' : 'labels');
}

/** Parts that tasks have which generate a sequence, and the one that only others have. */
export const sequenceParts = [
  'target.tokenizer',
  'target.vectorizer',
  'encoder',
  'decoder',
  'attention',
  'layers',
] as const;

/** Parts that are missing, or that the task has no use for. */
function partMisfits({ task, learns, parts }: Draft): readonly Misfit[] {
  if (!task || !learns) return [];
  const { name } = task.plugin;
  const words = (part: keyof typeof partPhrases) => ({ task: name, part: partPhrases[part] });
  const unread = (part: keyof typeof partPhrases): Misfit => ({
    path: part,
    sentence: sentence('partUnread', words(part)),
    mend: `Leave out ${part}.`,
  });
  if (learns !== 'sequence') {
    const none = { path: 'task.use', sentence: sentence('layersMissing', { task: name }), mend: 'Add layers.' };
    const unused = parts.filter((part) => part !== 'layers').map(unread);
    return parts.includes('layers') ? unused : [...unused, none];
  }
  const missing = (['target.tokenizer', 'target.vectorizer', 'encoder', 'decoder'] as const)
    .filter((part) => !parts.includes(part))
    .map(
      (part): Misfit => ({
        path: 'task.use',
        sentence: sentence('partMissing', words(part)),
        mend: `Add ${part}.`,
      }),
    );
  if (!parts.includes('layers')) return missing;
  const outside = { path: 'layers', sentence: sentence('layersOutside', { task: name }), mend: 'Leave out layers.' };
  return [...missing, outside];
}

/** Of a task that is fed something else than it accepts. */
function taskMisfits({ task, learns, layers, vectorizer }: Draft, plugins: readonly Plugin[]): readonly Misfit[] {
  if (!task || !vectorizer || !layers || learns === 'sequence') return [];
  const { name, accepts = 'steps' } = task.plugin;
  const emits: Emission = layers.length > 0 ? 'steps' : vectorizer.plugin.emits;
  if (accepts === emits) return [];
  const words = { task: name, accepts: emissionPhrases[accepts], emits: emissionPhrases[emits] };
  const suits = (plugin: Plugin) => plugin.kind === 'task' && (plugin.accepts ?? 'steps') === emits;
  const mend = `Name a task that accepts ${words.emits}${among(plugins, suits)}.`;
  return [{ path: 'task.use', sentence: sentence('taskFed', words), mend }];
}

function inputMisfits({ tokenizer, vectorizer, unregistered }: Draft, plugins: readonly Plugin[]): readonly Misfit[] {
  if (!vectorizer) return [];
  const { name, reads } = vectorizer.plugin;
  if (reads === 'tokens' && !tokenizer && !unregistered.some(({ kind }) => kind === 'tokenizer')) {
    const mend = `Add input.tokenizer${among(plugins, (plugin) => plugin.kind === 'tokenizer')}.`;
    return [{ path: 'input.vectorizer.use', sentence: sentence('tokenizerMissing', { vectorizer: name }), mend }];
  }
  if (reads === 'numbers' && tokenizer) {
    const words = { tokenizer: tokenizer.plugin.name, vectorizer: name };
    const mend = 'Leave out input.tokenizer.';
    return [{ path: 'input.tokenizer.use', sentence: sentence('tokenizerUnread', words), mend }];
  }
  return [];
}

function labelMisfits({ labels, task, learns }: Draft): readonly Misfit[] {
  if (labels === undefined) return [];
  if (task && learns && !learnsLabels(learns)) {
    const unread = sentence('labelsUnread', { task: task.plugin.name });
    return [{ path: 'target.labels', sentence: unread, mend: 'Leave out target.labels.' }];
  }
  if (labels.length >= 2) return [];
  const mend = 'Name all labels, or leave them out to learn them from the examples.';
  return [{ path: 'target.labels', sentence: sentence('labelsFew', {}), mend }];
}

function layerMisfits(draft: Draft, plugins: readonly Plugin[]): readonly Misfit[] {
  const { layers = [], encoder = [], vectorizer, learns } = draft;
  const generates = learns === 'sequence';
  const [first] = generates ? encoder : layers;
  const [path, at] = generates ? ['encoder.layers[0].use', 'decoder.layers'] : ['layers[0].use', 'layers'];
  const fed = first && vectorizer ? cellMisfits(first, vectorizer, path, plugins) : [];
  return [
    ...fed,
    ...layers.flatMap((layer, index) => (layer ? directionMisfits(layer, `${at}[${index}]`, draft, plugins) : [])),
  ];
}

function cellMisfits(
  { plugin: cell }: ChosenLayer,
  { plugin: vectorizer }: Chosen<Vectorizer>,
  path: string,
  plugins: readonly Plugin[],
): readonly Misfit[] {
  if (cell.accepts === vectorizer.emits) return [];
  const accepts = emissionPhrases[cell.accepts];
  const emits = emissionPhrases[vectorizer.emits];
  const words = { cell: cell.name, accepts, vectorizer: vectorizer.name, emits };
  const suits = (plugin: Plugin) => plugin.kind === 'vectorizer' && plugin.emits === cell.accepts;
  const mend = `Name a vectorizer that emits ${accepts}${among(plugins, suits)}.`;
  return [{ path, sentence: sentence('cellFed', words), mend }];
}

function directionMisfits(
  { direction }: { readonly direction: Direction },
  path: string,
  { trainer, task, learns }: Draft,
  plugins: readonly Plugin[],
): readonly Misfit[] {
  if (direction !== 'forward' && learns === 'sequence')
    return [
      {
        path: `${path}.direction`,
        sentence: sentence('decoderDirection', { direction }),
        mend: 'Let the layers of the decoder run forward; those of the encoder may run both ways.',
      },
    ];
  if (direction !== 'forward' && task && learns === 'next')
    return [
      {
        path: `${path}.direction`,
        sentence: sentence('nextSeen', { direction, task: task.plugin.name }),
        mend: 'Let the layer run forward.',
      },
    ];
  if (direction === 'forward' || trainer?.plugin.sees !== 'window') return [];
  const words = { direction, trainer: trainer.plugin.name };
  const suits = (plugin: Plugin) => plugin.kind === 'trainer' && plugin.sees === 'sequence';
  const mend = `Let the layer run forward, or name a trainer that sees whole sequences${among(plugins, suits)}.`;
  return [{ path: `${path}.direction`, sentence: sentence('wholeSequence', words), mend }];
}

function lossMisfits(draft: Draft, plugins: readonly Plugin[]): readonly Misfit[] {
  return draft.learns === 'number' ? numberLossMisfits(draft, plugins) : labelLossMisfits(draft, plugins);
}

function numberLossMisfits({ loss, task }: Draft, plugins: readonly Plugin[]): readonly Misfit[] {
  if (!loss || !task || loss.plugin.targets === 'values') return [];
  const words = { loss: loss.plugin.name, task: task.plugin.name };
  const suits = (plugin: Plugin) => plugin.kind === 'loss' && plugin.targets === 'values';
  const mend = `Leave out loss, or name one that compares with numbers${among(plugins, suits)}.`;
  return [{ path: 'loss.use', sentence: sentence('lossLabels', words), mend }];
}

function labelLossMisfits({ loss, labels }: Draft, plugins: readonly Plugin[]): readonly Misfit[] {
  if (!loss || loss.plugin.targets === 'class') return [];
  const { name, targets } = loss.plugin;
  const suits = (plugin: Plugin) => plugin.kind === 'loss' && plugin.targets === 'class';
  const mend = `Leave out loss, or name one that compares with classes${among(plugins, suits)}.`;
  if (targets === 'values') return [{ path: 'loss.use', sentence: sentence('lossNumbers', { loss: name }), mend }];
  if (labels === undefined || labels.length <= 2) return [];
  const words = { loss: name, count: String(labels.length) };
  return [{ path: 'loss.use', sentence: sentence('lossTwo', words), mend }];
}

function backendMisfits({ backend }: Draft, plugins: readonly Plugin[]): readonly Misfit[] {
  const precision = backend?.settings.precision;
  if (!backend || !precision || backend.plugin.precisions.includes(precision)) return [];
  const precisions = backend.plugin.precisions.join(' and ');
  const words = { backend: backend.plugin.name, precisions, precision };
  const suits = (plugin: Plugin) => plugin.kind === 'backend' && plugin.precisions.includes(precision);
  const mend = `Leave out backend.precision, or name a backend that computes in ${precision}${among(plugins, suits)}.`;
  return [{ path: 'backend.precision', sentence: sentence('precisionLacking', words), mend }];
}

/** The names of the plug-ins that would do, for the end of a sentence. */
function among(plugins: readonly Plugin[], suits: (plugin: Plugin) => boolean): string {
  const names = plugins.filter(suits).map(({ name }) => `"${name}"`);
  return names.length === 0 ? ' (none is registered)' : `: ${names.join(', ')}`;
}
