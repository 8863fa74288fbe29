// The registry: a value that knows some plug-ins, checks manifests against them and makes pipelines of them.
import { CONTRACT, type Learns, type Plugin } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { loadModel, type ModelSource } from '../model/load.ts';
import { describe } from '../options.ts';
import { createPipeline } from '../pipeline/create-pipeline.ts';
import type { LoadSettings, Model, Pipeline } from '../pipeline/types.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import type { Fit, LabelOf, LearnsOf } from './fit.ts';
import type { Manifest, OfKind } from './manifest.ts';
import { resolveManifest } from './resolve.ts';

/** What a registry offers where its plug-ins are not known to the types: a command line, a loader. */
export interface AnyRegistry {
  /** Every plug-in, in the order given. */
  readonly plugins: readonly Plugin[];
  /** The plug-in of that kind and name, or undefined. */
  readonly find: (kind: Plugin['kind'], name: string) => Plugin | undefined;
  /**
   * Checks a manifest that comes as plain data (a file, a request) and fills in options.
   * @throws UnrolledError `MANIFEST_INVALID`, `MANIFEST_NEWER`, `LANGUAGE_NEWER`, `PLUGIN_UNKNOWN`,
   * `OPTION_INVALID`, or `MANIFEST_MISFIT` with the sentences that the types say
   */
  readonly resolve: (json: unknown) => ResolvedPipeline;
  /**
   * A saved model: files in memory, a folder (in Node) or a URL. Needs its tokenizer, its vectorizer and a backend, and no
   * cell, trainer or optimizer. Imports no code.
   * @throws UnrolledError `MODEL_NOT_FOUND`, `MODEL_CORRUPT`, `PLUGIN_MISSING` and others; see {@link loadModel}
   */
  readonly load: <Label extends string = string, L extends Learns = 'label'>(
    source: ModelSource,
    settings?: LoadSettings,
  ) => Promise<Model<Label, L>>;
}

/** A manifest as it is written to a file: what was given, with the versions of its format and of the language. */
export type WrittenManifest<M> = M & { readonly format: 1; readonly language: 1 };

/** The plug-ins `P`, and what can be made of them. A value: two registries know nothing of each other. */
export interface Registry<P extends Plugin> extends AnyRegistry {
  /** Every plug-in, in the order given. */
  readonly plugins: readonly P[];
  /** The plug-in of that kind and name, or undefined. */
  readonly find: <K extends Plugin['kind']>(kind: K, name: string) => OfKind<P, K> | undefined;
  /** Checks a manifest while you type, and once more when it runs; gives it back as plain data. @throws as `resolve` does */
  readonly manifest: <const M extends Manifest<P>>(manifest: Fit<P, M>) => WrittenManifest<M>;
  /**
   * A pipeline of the pieces that a manifest names; it knows the labels that are named. For a manifest that comes as data:
   * `createPipeline(registry.resolve(json))`. @throws as `resolve` does
   */
  readonly pipeline: <const M extends Manifest<P>>(manifest: Fit<P, M>) => Pipeline<LabelOf<M>, LearnsOf<P, M>>;
  /** A new registry that knows `more` too. @throws UnrolledError as {@link createRegistry} does */
  readonly with: <const L extends readonly Plugin[]>(more: L) => Registry<P | L[number]>;
}

/**
 * A registry of `plugins`.
 * @throws UnrolledError `PLUGIN_INVALID` for what is no plug-in, `CONTRACT_MISMATCH` for one written against another
 * version of the contracts, `PLUGIN_DUPLICATE` for a second of one kind and name (naming both packages)
 */
export function createRegistry<const L extends readonly Plugin[]>(plugins: L): Registry<L[number]> {
  const known: readonly L[number][] = [...plugins];
  known.forEach(checkPlugin);
  checkDuplicates(known);
  const resolve = (json: unknown) => resolveManifest(known, json);
  return {
    plugins: known,
    find: (kind, name) => known.find((plugin) => plugin.kind === kind && plugin.name === name) as never,
    resolve,
    manifest: (manifest) => resolve(manifest).manifest as never,
    pipeline: (manifest) => createPipeline(resolve(manifest)),
    load: (source, settings) => loadModel(source, { plugins: known }, settings),
    with: (more) => createRegistry([...known, ...more]),
  };
}

const kinds: readonly unknown[] = [
  'tokenizer',
  'vectorizer',
  'cell',
  'attention',
  'task',
  'loss',
  'optimizer',
  'trainer',
  'backend',
  'dataset',
] satisfies Plugin['kind'][];

function checkPlugin(plugin: Plugin, index: number): void {
  const given: Partial<Plugin> | null | undefined = plugin;
  if (!kinds.includes(given?.kind) || typeof given?.name !== 'string' || typeof given.package !== 'string')
    throw new UnrolledError(
      'PLUGIN_INVALID',
      `Item ${index} of the plug-ins must be a plug-in, but ${describe(given)} was given.`,
      { mend: 'Give what a define… function returned; undefined often means a wrong import.' },
    );
  if (typeof given.options?.['~standard']?.validate !== 'function')
    throw new UnrolledError('PLUGIN_INVALID', `${title(plugin)} of ${given.package} has no options schema.`, {
      mend: 'Define it with options: defineOptions({ … }); a cell has units among them, and what has none writes defineOptions({}).',
    });
  if (given.contract !== CONTRACT)
    throw new UnrolledError(
      'CONTRACT_MISMATCH',
      `${title(plugin)} of ${plugin.package} is written against contract ${given.contract}, but this registry has contract ${CONTRACT}.`,
      { mend: `Install versions of ${plugin.package} and @unrolled/core that go together.` },
    );
}

function checkDuplicates(plugins: readonly Plugin[]): void {
  const first = new Map<string, Plugin>();
  for (const plugin of plugins) {
    const other = first.get(title(plugin));
    if (other)
      throw new UnrolledError(
        'PLUGIN_DUPLICATE',
        `${title(plugin)} is registered twice: by ${other.package} and by ${plugin.package}.`,
        { mend: 'Register one of them.' },
      );
    first.set(title(plugin), plugin);
  }
}

function title({ kind, name }: Plugin): string {
  return `${kind} ${JSON.stringify(name)}`;
}
