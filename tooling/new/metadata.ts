// What the package.json of every published package says alike.
import type { Package } from '../source/workspace.ts';

/** Exports by subpath: a path, or conditions. */
export type Exports = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** Fields that follow from the package's folder and its exports; the rest is the package's own. */
export interface Metadata {
  readonly type: 'module';
  readonly sideEffects: false;
  readonly repository: { readonly type: string; readonly url: string; readonly directory: string };
  readonly engines: { readonly node: string };
  readonly publishConfig: { readonly access: string; readonly exports: Exports };
}

/** Lets packages of this workspace run each other's source; it is no part of what is published. */
const sourceCondition = '@unrolled/source';

/** What the package.json of `one` has to say. */
export function metadataOf(one: Pick<Package, 'folder' | 'manifest'>): Metadata {
  return {
    type: 'module',
    sideEffects: false,
    repository: { type: 'git', url: 'git+https://example.org/unrolled.git', directory: one.folder },
    engines: { node: '>=20.19.0' },
    publishConfig: { access: 'public', exports: publishedExports((one.manifest.exports ?? {}) as Exports) },
  };
}

function publishedExports(exports: Exports): Exports {
  const published = Object.entries(exports).map(([path, target]) => {
    if (typeof target === 'string') return [path, target];
    return [path, Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== sourceCondition))];
  });
  return Object.fromEntries(published);
}
