// unrolled/worker as it is built: in a plain page with an import map, and in one that Vite bundles. The bits are Node's.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium as engine } from 'playwright';
import { registry } from 'unrolled';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium } from '../chromium.ts';
import { serve } from './serve.ts';
import { type Trained, train } from './train.js';

const root = join(import.meta.dirname, '..', '..', '..');
let browser: Browser;
let expected: Trained;

beforeAll(async () => {
  browser = await engine.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  expected = await train(registry);
});
afterAll(() => browser.close());

/** What a page wrote into `globalThis[name]`, or the errors that it had. */
async function found(origin: string, path: string, names: readonly string[]): Promise<unknown[]> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('requestfailed', (request) => errors.push(request.url()));
  try {
    await page.goto(`${origin}${path}`);
    const ready = (wanted: readonly string[]) => wanted.every((name) => name in globalThis);
    await page.waitForFunction(ready, names, { timeout: 30_000 }).catch((error) => {
      throw new Error(`${error.message}\n${errors.join('\n')}`);
    });
    return await page.evaluate((wanted) => wanted.map((name) => Reflect.get(globalThis, name)), names);
  } finally {
    await page.close();
  }
}

/** Gives `use` a new folder, which is gone afterwards. */
async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'unrolled-pages-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the page at `path` found, with the files of `roots`. */
async function visit(path: string, ...roots: readonly string[]): Promise<unknown[]> {
  const server = await serve(roots);
  try {
    return await found(server.origin, path, ['trained', 'trainedByOther']);
  } finally {
    server.close();
  }
}

const settings = { configFile: false, logLevel: 'error' } as const;

describe('unrolled/worker', () => {
  it('works in a plain page with an import map, and imports a registry', async () => {
    const path = '/apps/browser-tests/pages/plain/index.html';
    const trained = await withFolder(async (outDir) => {
      const entry = join(import.meta.dirname, 'plain', 'registry.js');
      await build({ ...settings, build: { outDir, lib: { entry, formats: ['es'], fileName: () => 'registry.js' } } });
      return visit(path, outDir, root);
    });
    expect(trained).toEqual([expected, expected]);
  });

  it('works in a page that Vite bundles, which finds both kinds of worker', async () => {
    const trained = await withFolder(async (outDir) => {
      const page = join(import.meta.dirname, 'bundled');
      const output = { outDir, target: 'es2022' };
      await build({ ...settings, root: page, base: './', worker: { format: 'es' }, build: output });
      return visit('/index.html', outDir);
    });
    expect(trained).toEqual([expected, expected]);
  });
});
