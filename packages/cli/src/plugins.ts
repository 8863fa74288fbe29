// --plugin NAME: imports a package, found from the working folder, and takes the plug-ins that it exports.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isUnrolledError, type Plugin, UnrolledError } from '@unrolled/core';
import { moduleResolve } from 'import-meta-resolve';

/**
 * The plug-ins that a package (`@unrolled/backend-tfjs`) or a file (`./my-cell.js`) exports.
 * @param folder - where the search begins.
 * @throws UnrolledError `PLUGIN_MISSING` where it can't be found or imported, `PLUGIN_INVALID` where it exports none
 */
export async function importPlugins(name: string, folder: string): Promise<readonly Plugin[]> {
  const exported = await importFrom(name, folder);
  const plugins = [...new Set(Object.values(exported))].filter(isPlugin);
  if (plugins.length > 0) return plugins;
  throw new UnrolledError('PLUGIN_INVALID', `${name} exports no plug-in.`, {
    mend: 'A plug-in is what a define… function of @unrolled/core returns, exported under any name.',
  });
}

async function importFrom(name: string, folder: string): Promise<Readonly<Record<string, unknown>>> {
  let url: string;
  try {
    url = moduleResolve(name, pathToFileURL(resolve(folder, 'unrolled')), conditions()).href;
  } catch (cause) {
    throw notFound(name, folder, cause);
  }
  try {
    return await import(url);
  } catch (cause) {
    if (isUnrolledError(cause)) throw cause;
    const missingFile = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' && name.startsWith('.');
    if (missingFile) throw notFound(name, folder, cause);
    throw new UnrolledError('PLUGIN_MISSING', `${name} could not be imported: ${(cause as Error).message}.`, {
      mend: 'A package that it needs may be missing; --debug shows where it failed.',
      cause,
    });
  }
}

/** Whether a value is shaped as a plug-in; the registry checks the rest. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && 'kind' in value && 'contract' in value && 'name' in value;
}

/** The conditions of package exports that this process was started with. */
function conditions(): Set<string> {
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
  const given = flags.flatMap((flag, i) => {
    const [, inline] = /^(?:--conditions|-C)=(.+)$/.exec(flag) ?? [];
    if (inline) return [inline];
    return /^(?:--conditions|-C)$/.test(flag) ? [flags[i + 1] as string] : [];
  });
  return new Set([...given, 'node', 'import']);
}

function notFound(name: string, folder: string, cause: unknown): UnrolledError {
  const file = name.startsWith('.') || name.startsWith('/');
  return new UnrolledError(
    'PLUGIN_MISSING',
    `The plug-in ${name} is not ${file ? 'there' : `installed in ${folder}`}.`,
    {
      mend: file ? `Paths start from ${folder}.` : `Run: npm install ${name}`,
      cause,
    },
  );
}
