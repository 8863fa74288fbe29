// Where TensorFlow.js for Node is missing, or its native part, or its library, it is said and what to do about it.
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tfjsNode } from '../src/index.ts';
import { hasAvx } from '../src/load.ts';
import { networkOf, resetAfter } from './cells.ts';

/** Makes native parts on Linux alone, where they may lack symbols. */
const hasCompiler = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-tfjs-node-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Compiles in a Node of its own where `name` is a package with that code, or none. @returns code and message of what is thrown */
async function thrown(code: string | undefined, options = '{}', name = '@tensorflow/tfjs-node'): Promise<string> {
  const path = join(folder, `${Math.random()}`, 'node_modules');
  if (code !== undefined) {
    await write(join(path, name), code);
    await write(
      join(path, '@tensorflow', 'tfjs'),
      'module.exports = { getBackend: () => null, engine: () => ({ registry: {} }) }',
    );
  }
  const script = `
    import Module, { createRequire } from 'node:module';
    const original = Module._resolveFilename;
    Module._resolveFilename = function (name, ...rest) {
      if (!name.startsWith('@tensorflow/')) return original.call(this, name, ...rest);
      const own = createRequire(${JSON.stringify(pathToFileURL(join(path, 'x.js')).href)});
      return original.call(this, name, { ...rest[0], paths: own.resolve.paths(name), filename: ${JSON.stringify(path)} });
    };
    const { tfjsNodeBackend } = await import('${new URL('../src/index.ts', import.meta.url).href}');
    const { networkOf, resetAfter } = await import('${new URL('./cells.ts', import.meta.url).href}');
    await tfjsNodeBackend(${options})(networkOf(resetAfter), {}).catch(({ code, message }) => console.log(code, message));
  `;
  const argv = ['--conditions=@unrolled/source', '--import', 'tsx', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, argv, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  return stdout.trim();
}

async function write(path: string, code: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'index.js'), code);
}

describe('what is said', () => {
  test('without the package', async () => {
    expect(await thrown(undefined)).toBe(
      'PEER_MISSING The tfjs-node backend needs @tensorflow/tfjs-node, which could not be loaded. Install it: npm install @tensorflow/tfjs-node@4.22.0',
    );
    expect(await thrown(undefined, '{ gpu: true }')).toMatch(
      /^PEER_MISSING .*npm install @tensorflow\/tfjs-node-gpu@4.22.0$/,
    );
  });

  test('without its native part', async () => {
    // What tfjs-node 4.22 throws.
    const code = `throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: /x. \\nPlease run')`;
    expect(await thrown(code)).toMatch(
      /^NATIVE_MISSING @tensorflow\/tfjs-node is installed without its native part.* Run: npm rebuild @tensorflow\/tfjs-node/,
    );
  });

  test('without the TensorFlow library, or with another', async () => {
    const code = `require('node:fs').writeFileSync(__dirname + '/a.node', 'not a library'); require('./a.node');`;
    expect(await thrown(code)).toMatch(
      /^NATIVE_UNLOADABLE The native part of @tensorflow\/tfjs-node could not be loaded: .*a\.node.*\. Its TensorFlow library is missing, or another/,
    );
  });

  test.runIf(hasCompiler)('with a library of another version, which lacks a function', async () => {
    const code = `
      const { execFileSync } = require('node:child_process');
      const addon = 'void newer(void); void *napi_register_module_v1(void *env, void *exports) { newer(); return exports; }';
      execFileSync('cc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', __dirname + '/a.node'], { input: addon });
      require('./a.node');
    `;
    expect(await thrown(code)).toMatch(
      /^NATIVE_UNLOADABLE .*a\.node: undefined symbol: newer\. Its TensorFlow library is missing, or another/,
    );
  });
});

test('float64 is refused', async () => {
  const compiling = tfjsNode.compile({ gpu: false })(networkOf(resetAfter), { precision: 'float64' });
  await expect(compiling).rejects.toMatchObject({
    code: 'BACKEND_UNSUPPORTED',
    message: expect.stringMatching(/computes in float32, but float64 was asked for.*reference backend/),
  });
});

test.each([
  ['flags\t\t: fpu sse sse2 avx avx2 fma', true],
  ['processor\t: 0\nflags\t\t: fpu sse sse2 sse4_2\nbugs\t: avx', false],
  ['flags\t\t: fpu avx512_bf16', false],
  ['Features\t: fp asimd', true],
  ['', true],
])('AVX in %j', (text, wanted) => {
  expect(hasAvx(text)).toBe(wanted);
});
