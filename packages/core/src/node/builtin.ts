// Node's own modules, asked for at run time, so that bundlers for browsers have nothing to resolve.
import { UnrolledError } from '../errors.ts';

/** File system, paths and URLs of files. */
export interface NodeModules {
  /** `node:fs/promises` */
  readonly fs: typeof import('node:fs/promises');
  /** `node:path` */
  readonly path: typeof import('node:path');
  /** `node:url` */
  readonly url: typeof import('node:url');
}

/**
 * Node's modules.
 * @param wish - what the caller wants a file system for, to begin a sentence: `save`.
 * @param instead - what to do without one, a sentence.
 * @throws UnrolledError `NOT_IN_BROWSER`
 */
export function nodeModules(wish: string, instead: string): NodeModules {
  const host = (globalThis as { process?: Partial<typeof process> }).process;
  if (typeof host?.getBuiltinModule === 'function')
    return {
      fs: host.getBuiltinModule('node:fs/promises'),
      path: host.getBuiltinModule('node:path'),
      url: host.getBuiltinModule('node:url'),
    };
  throw new UnrolledError('NOT_IN_BROWSER', `${wish} needs a file system, and there is none here.`, { mend: instead });
}
