// unrolled.config.{js,mjs,json} or --config FILE: plug-ins, a manifest and run settings that flags then refine.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FitSettings, nearest, type Plugin, UnrolledError } from '@unrolled/core';
import type { Io } from './io.ts';
import { importPlugins, isPlugin } from './plugins.ts';

/** What a config file gives. */
export interface Config {
  /** Plug-ins to add: values, or names of packages that export them. */
  readonly plugins?: readonly (Plugin | string)[];
  /** What the flags start from. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Settings of `fit` that the flags start from. */
  readonly run?: FitSettings;
}

/** A config file, read; its plug-ins imported. */
export interface LoadedConfig {
  readonly plugins: readonly Plugin[];
  readonly manifest: Readonly<Record<string, unknown>> | undefined;
  readonly run: FitSettings;
  /** Its path, where there is one. */
  readonly path: string | undefined;
}

const NAMES = ['unrolled.config.js', 'unrolled.config.mjs', 'unrolled.config.json'];
const KEYS = ['plugins', 'manifest', 'run'];

/**
 * Reads the config file that was named, else the one in the working folder, if there is one. A file may hold a config
 * or just a manifest.
 * @throws UnrolledError `CONFIG_INVALID`, `FILE_MISSING`, `PLUGIN_MISSING`
 */
export async function loadConfig(named: string | undefined, io: Io): Promise<LoadedConfig> {
  const path = named ?? findConfig(io.cwd);
  if (path === undefined) return { plugins: [], manifest: undefined, run: {}, path };
  const full = resolve(io.cwd, path);
  if (!existsSync(full))
    throw new UnrolledError('FILE_MISSING', `There is no file ${path}.`, { mend: `Paths start from ${io.cwd}.` });
  const content = full.endsWith('.json') ? await readJson(full, path) : await importConfig(full, path);
  const config = 'input' in content || 'layers' in content ? { manifest: content } : checkKeys(content, path);
  const plugins: Plugin[] = [];
  for (const plugin of config.plugins ?? []) {
    if (typeof plugin === 'string') plugins.push(...(await importPlugins(plugin, dirname(full))));
    else if (isPlugin(plugin)) plugins.push(plugin);
    else throw invalid(path, '"plugins" must hold plug-ins or names of packages', 'See docs/ for an example.');
  }
  return { plugins, manifest: config.manifest, run: config.run ?? {}, path };
}

function findConfig(folder: string): string | undefined {
  const found = NAMES.filter((name) => existsSync(resolve(folder, name)));
  if (found.length > 1)
    throw new UnrolledError('CONFIG_INVALID', `There are ${found.join(' and ')}.`, {
      mend: 'Keep one of them, or say which with --config.',
    });
  return found[0];
}

async function readJson(full: string, path: string): Promise<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(await readFile(full, 'utf8')), path);
  } catch (cause) {
    if (cause instanceof UnrolledError) throw cause;
    throw invalid(path, `it is not JSON (${(cause as Error).message})`, 'Mend it, or leave --config out.');
  }
}

async function importConfig(full: string, path: string): Promise<Record<string, unknown>> {
  try {
    const { default: content } = await import(pathToFileURL(full).href);
    return asObject(content, path);
  } catch (cause) {
    if (cause instanceof UnrolledError) throw cause;
    throw new UnrolledError('CONFIG_INVALID', `${path} could not be imported: ${(cause as Error).message}.`, {
      mend: '--debug shows where it failed.',
      cause,
    });
  }
}

function asObject(content: unknown, path: string): Record<string, unknown> {
  if (typeof content === 'object' && content !== null && !Array.isArray(content))
    return content as Record<string, unknown>;
  throw invalid(path, 'an object was expected', 'Export it as default: export default { manifest: { … } }');
}

function checkKeys(content: Record<string, unknown>, path: string): Config {
  for (const key of Object.keys(content)) {
    if (KEYS.includes(key)) continue;
    const near = nearest(key, KEYS);
    throw invalid(
      path,
      `it has no key "${key}"`,
      near ? `Did you mean "${near}"?` : `Its keys are ${KEYS.join(', ')}; or it is a manifest.`,
    );
  }
  return content as Config;
}

function invalid(path: string, what: string, mend: string): UnrolledError {
  return new UnrolledError('CONFIG_INVALID', `${path}: ${what}.`, { mend });
}
