// Models as files: what they hold, that they come back the same, what each kind of damage says, and that saving never loses one.
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BundledProgram, bundleProgram } from '@unrolled/bundled';
import { loadUrl } from '@unrolled/core/browser';
import { loadFolder } from '@unrolled/core/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRegistry,
  embedding,
  fromFiles,
  isUnrolledError,
  loadModel,
  type Model,
  wasm,
  words,
} from '../src/index.ts';
import { bytesOf, pipeline, registry, reviews } from './support.ts';

/** Enough to predict with: no cell, task, loss, optimizer or trainer. */
const predictors = createRegistry([words, embedding, wasm]);
const trained = pipeline({ layers: [{ use: 'lstm', with: { units: 4 }, direction: 'both', dropout: { input: 0.2 } }] });
const texts = reviews(20).map(({ text }) => text as string);
let root: string;
let files: ReadonlyMap<string, Uint8Array>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'unrolled-model-'));
  const settings = { epochs: 2, batchSize: 8, validation: 0.3, calibrate: true, threshold: 0.4, maximumLength: 9 };
  await trained.fit(reviews(40), settings);
  files = await trained.toFiles();
});
afterAll(() => rm(root, { recursive: true }));

const code = (expected: string, message = '') => ({ code: expected, message: expect.stringContaining(message) });

describe('a model as files', () => {
  it('holds manifest, weights, vocabulary, and its checkpoint unless slim', async () => {
    const slim = ['manifest.json', 'weights.safetensors', 'vocabulary.json'];
    expect([...(await trained.toFiles({ slim: true })).keys()]).toEqual(slim);
    const checkpoint = ['checkpoint.json', 'tensors.safetensors', 'vocabulary.json'].map(
      (name) => `checkpoint/${name}`,
    );
    expect([...files.keys()].sort()).toEqual([...slim, ...checkpoint].sort());
    const manifest = JSON.parse(new TextDecoder().decode(files.get('manifest.json')));
    expect(manifest).toMatchObject({
      format: 'unrolled-model',
      version: 1,
      contract: 1,
      language: 1,
      packages: { '@unrolled/core': expect.stringMatching(/^\d+\.\d+\.\d+/) },
      tokenizer: { use: 'words', package: '@unrolled/tokenizer-words' },
      labels: [
        { stored: 'negative', shown: 'negative' },
        { stored: 'positive', shown: 'positive' },
      ],
      threshold: 0.4,
      temperature: trained.info().temperature,
      maximumLength: 9,
      settings: { epochs: 2, batchSize: 8, seed: 1 },
      dataHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      metrics: { examples: 12 },
      files: { 'weights.safetensors': { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    });
    expect(Object.keys(manifest.files)).toEqual(['weights.safetensors', 'vocabulary.json']);
    expect(manifest.network.layers[0].module.equations).toContain('c[t]');
  });

  it('comes back without cell, trainer or optimizer, and gives the same bits', async () => {
    const model = await fromFiles(files, predictors);
    expect(await model.predict(texts)).toEqual(await trained.predict(texts));
    expect(await model.evaluate(reviews(30))).toEqual(await trained.evaluate(reviews(30)));
    expect(model.info()).toEqual(trained.info());
    expect(await bytesOf(model)).toEqual(await bytesOf(trained));
  });

  it('is immutable when loaded: it can not fit, and concurrent predictions do not disturb each other', async () => {
    const model = await fromFiles(files, predictors);
    expect(model).not.toHaveProperty('fit');
    const expected = await trained.predict(texts);
    const all = await Promise.all(Array.from({ length: 8 }, () => model.predict(texts, { batchSize: 7 })));
    for (const predictions of all) expect(predictions).toEqual(expected);
    model.dispose();
    await expect(model.predict('good')).rejects.toMatchObject({
      code: 'EXECUTABLE_DISPOSED',
      message: expect.stringMatching(/^This model was disposed\. Load it again/),
    });
  });

  it('names the package that it lacks, with the install line', async () => {
    const without = (kind: string) => ({ plugins: registry.plugins.filter((plugin) => plugin.kind !== kind) });
    await expect(fromFiles(files, without('tokenizer'))).rejects.toMatchObject(
      code('PLUGIN_MISSING', 'Install it with: npm install @unrolled/tokenizer-words'),
    );
    await expect(fromFiles(files, without('vectorizer'))).rejects.toMatchObject(
      code('PLUGIN_MISSING', 'npm install @unrolled/vectorizer-embedding'),
    );
    await expect(fromFiles(files, without('backend'))).rejects.toMatchObject(
      code('PLUGIN_MISSING', 'npm install @unrolled/backend-wasm'),
    );
    await expect(fromFiles(files, registry, { backend: 'tfjs' })).rejects.toMatchObject(
      code('PLUGIN_MISSING', '"tfjs"'),
    );
  });

  it('is refused where it is damaged, incomplete or newer, naming the file', async () => {
    const change = (path: string, edit: (text: string) => string | undefined) => {
      const edited = edit(Buffer.from(files.get(path) as Uint8Array).toString('latin1'));
      const others = [...files].filter(([name]) => name !== path);
      const bytes = edited === undefined ? [] : [[path, Buffer.from(edited, 'latin1')] as const];
      return fromFiles(new Map([...others, ...bytes]), predictors);
    };
    const cut = (text: string) => text.slice(0, text.length / 2);
    const flip = (text: string) => `${text.slice(0, -2)}${text.at(-2) === 'a' ? 'b' : 'a'}${text.at(-1)}`;
    const missing = () => undefined;
    for (const path of ['manifest.json', 'weights.safetensors', 'vocabulary.json']) {
      await expect(change(path, cut)).rejects.toMatchObject(code('MODEL_CORRUPT', path));
      await expect(change(path, missing)).rejects.toMatchObject(code('MODEL_INCOMPLETE', path));
    }
    await expect(change('weights.safetensors', flip)).rejects.toMatchObject(code('MODEL_CORRUPT', 'checksum'));
    await expect(change('checkpoint/checkpoint.json', missing)).resolves.toBeDefined();
    const unsealed = (text: string) => text.replace(/,\n {2}"checksum": "sha256:[0-9a-f]{64}"/, '');
    const edit = (from: string, to: string) =>
      change('manifest.json', (text) => {
        expect(text).toContain(from);
        return unsealed(text).replaceAll(from, to);
      });
    const threshold = (text: string) => text.replace(/"temperature": [\d.]+/, '"temperature": 7');
    await expect(change('manifest.json', threshold)).rejects.toMatchObject(
      code('MODEL_CORRUPT', 'manifest.json of the model is not what its checksum says'),
    );
    for (const harmless of [unsealed, (text: string) => JSON.stringify(JSON.parse(text))])
      await expect(change('manifest.json', harmless)).resolves.toBeDefined();
    await expect(edit('"version": 1', '"version": 2')).rejects.toMatchObject(code('MODEL_NEWER', 'version 2'));
    await expect(edit('"contract": 1', '"contract": 2')).rejects.toMatchObject(code('MODEL_NEWER'));
    await expect(edit('"language": 1', '"language": 3')).rejects.toMatchObject(code('MODEL_NEWER'));
    await expect(edit('"unrolled-model"', '"other"')).rejects.toMatchObject(code('MODEL_CORRUPT', 'not the head'));
    await expect(edit('"link": "softmax"', '"link": 3')).rejects.toMatchObject(code('MODEL_CORRUPT', '"link"'));
    await expect(edit('"temperature": ', '"temperature": -')).rejects.toMatchObject(code('MODEL_CORRUPT'));
    await expect(edit('"stored"', '"store"')).rejects.toMatchObject(code('MODEL_CORRUPT', '"labels"'));
    await expect(edit('"units": 4', '"units": 5')).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  it('is named where any part of its network is mangled, and never fails as a program would', async () => {
    const head = JSON.parse(new TextDecoder().decode(files.get('manifest.json')));
    delete head.checksum;
    const places: [holder: Record<string, unknown>, key: string, path: string][] = [];
    const visit = (holder: Record<string, unknown>, path: string) => {
      for (const key of Object.keys(holder)) {
        places.push([holder, key, `${path}.${key}`]);
        const value = holder[key];
        if (typeof value === 'object' && value !== null) visit(value as Record<string, unknown>, `${path}.${key}`);
      }
    };
    visit(head.network, 'network');
    expect(places.length).toBeGreaterThan(80);
    const load = (holder: Record<string, unknown>, key: string, wrong: unknown) => {
      const whole = holder[key];
      holder[key] = wrong;
      const bytes = new TextEncoder().encode(JSON.stringify(head));
      holder[key] = whole;
      return fromFiles(new Map(files).set('manifest.json', bytes), predictors);
    };
    for (const [holder, key, path] of places)
      for (const wrong of [undefined, null, 'zzz', -1, 1.5, [], {}, 1e15])
        await load(holder, key, wrong).then(
          (model) => model.dispose(),
          (error) => expect(isUnrolledError(error), `${path} = ${JSON.stringify(wrong)}: ${error.stack}`).toBe(true),
        );
    await expect(load(head.network.layers[0].dropout, 'input', {})).rejects.toMatchObject(
      code('MODEL_CORRUPT', '"network.layers[0].dropout.input" must be a rate'),
    );
    await expect(load(head.network, 'output', undefined)).rejects.toMatchObject(
      code('MODEL_CORRUPT', '"network.output" must be an object, but undefined was found'),
    );
  });
});

describe('a model folder', () => {
  it('is saved and loaded by path or file URL', async () => {
    const folder = join(root, 'new', 'model');
    await trained.save(folder);
    expect((await readdir(join(root, 'new'))).sort()).toEqual(['model']);
    const expected = await trained.predict(texts);
    for (const model of [
      await loadFolder(folder, predictors),
      await loadFolder(pathToFileURL(folder), predictors),
      await loadModel(folder, predictors),
      await loadModel(pathToFileURL(folder), predictors),
      await loadModel(files, predictors),
    ])
      expect(await model.predict(texts)).toEqual(expected);
  });

  it('takes the place of an older one, also through a link', async () => {
    const folder = join(root, 'replaced');
    await trained.save(folder);
    await trained.save(folder, { slim: true });
    expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'vocabulary.json', 'weights.safetensors']);
    await symlink(folder, join(root, 'link'));
    await trained.save(join(root, 'link'));
    expect(await readdir(folder)).toContain('checkpoint');
    expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('never takes the place of anything else', async () => {
    const folder = join(root, 'home');
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    await expect(trained.save(folder)).rejects.toMatchObject(code('MODEL_PATH_OCCUPIED', 'thesis.txt'));
    await expect(trained.save(join(folder, 'thesis.txt'))).rejects.toMatchObject(code('MODEL_PATH_OCCUPIED', 'a file'));
    await expect(trained.save(join(folder, 'thesis.txt', 'model'))).rejects.toMatchObject(code('MODEL_WRITE_FAILED'));
    // Linux says there that the folder above is missing, which it is not.
    if (process.platform === 'linux')
      await expect(trained.save('/proc/model')).rejects.toMatchObject(code('MODEL_WRITE_FAILED'));
    expect(await readFile(join(folder, 'thesis.txt'), 'utf8')).toBe('years of work');
    await mkdir(join(root, 'empty'));
    await trained.save(join(root, 'empty'));
    await loadFolder(join(root, 'empty'), predictors);
  });

  it('is found where a killed process left it aside', async () => {
    const folder = join(root, 'aside');
    await trained.save(folder, { slim: true });
    await rename(folder, join(root, '.aside.replaced'));
    await loadFolder(folder, predictors);
    await trained.save(folder);
    expect((await readdir(root)).filter((name) => name.includes('aside'))).toEqual(['aside']);
  });

  it('says where there is none, or half of one', async () => {
    await expect(loadFolder(join(root, 'nowhere'), predictors)).rejects.toMatchObject(
      code('MODEL_NOT_FOUND', 'nowhere'),
    );
    await writeFile(join(root, 'plain'), '');
    await expect(loadFolder(join(root, 'plain'), predictors)).rejects.toMatchObject(
      code('MODEL_READ_FAILED', 'It is a file'),
    );
    await trained.save(join(root, 'half'));
    await rm(join(root, 'half', 'weights.safetensors'));
    await expect(loadFolder(join(root, 'half'), predictors)).rejects.toMatchObject(
      code('MODEL_INCOMPLETE', 'weights.safetensors'),
    );
  });

  it('is read whole while it is being replaced', async () => {
    const folder = join(root, 'busy');
    await trained.save(folder);
    let saving = true;
    const writer = (async () => {
      for (let round = 0; round < 20; round += 1) await trained.save(folder, { slim: round % 2 === 0 });
      saving = false;
    })();
    let loads = 0;
    while (saving) {
      await loadFolder(folder, predictors);
      loads += 1;
    }
    await writer;
    expect(loads).toBeGreaterThan(1);
  });
});

/** Runs save-repeatedly.ts below a limit on the size of files, if one is given. */
function saveInProcess({ path }: BundledProgram, folder: string, limit?: number) {
  const command = `${limit === undefined ? '' : `ulimit -f ${limit}; `}exec "$0" "$1" "$2"`;
  return spawn('sh', ['-c', command, process.execPath, path, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe.skipIf(process.platform === 'win32')(
  'saving in a process that dies or has no room (needs a POSIX shell)',
  () => {
    let program: BundledProgram;
    beforeAll(async () => {
      program = await bundleProgram(new URL('./save-repeatedly.ts', import.meta.url));
    });
    afterAll(() => program.remove());

    it('keeps the old model and leaves nothing behind where a file can not be written whole', async () => {
      const folder = join(root, 'full', 'model');
      await trained.save(folder);
      const before = await readFile(join(folder, 'manifest.json'), 'utf8');
      const child = saveInProcess(program, folder, 8);
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
      });
      await new Promise((resolve) => child.once('exit', resolve));
      expect(output).toContain('MODEL_WRITE_FAILED');
      expect(output).toContain('what was there is untouched');
      expect(await readdir(join(root, 'full'))).toEqual(['model']);
      expect(await readFile(join(folder, 'manifest.json'), 'utf8')).toBe(before);
      await loadFolder(folder, predictors);
    });

    it('leaves a whole model wherever it is killed', async () => {
      const folder = join(root, 'killed', 'model');
      await trained.save(folder);
      for (let round = 0; round < 4; round += 1) {
        const child = saveInProcess(program, folder);
        await new Promise((resolve) => child.stdout.once('data', resolve));
        await new Promise((resolve) => setTimeout(resolve, 10 * round));
        child.kill('SIGKILL');
        await new Promise((resolve) => child.once('exit', resolve));
        await loadFolder(folder, registry);
      }
      await trained.save(folder);
      expect(await (await loadFolder(folder, predictors)).predict(texts)).toEqual(await trained.predict(texts));
    });
  },
);

describe('a model at a URL', () => {
  let server: Server;
  let address: string;
  let folder: string;

  beforeAll(async () => {
    folder = join(root, 'served');
    await trained.save(folder, { slim: true });
    server = createServer(async ({ url = '' }, response) => {
      if (url.startsWith('/broken/')) response.statusCode = 500;
      const bytes = await readFile(join(folder, url.replace(/^\/[a-z]+\//, ''))).catch(() => undefined);
      if (!bytes) response.statusCode = 404;
      response.end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('is loaded by its folder, with or without a slash', async () => {
    const expected = await trained.predict(texts);
    const models: Model[] = [
      await loadUrl(`${address}/model`, predictors),
      await loadUrl(new URL(`${address}/model/`), predictors),
      await loadModel(`${address}/model`, predictors),
    ];
    for (const model of models) expect(await model.predict(texts)).toEqual(expected);
  });

  it('says what a server or a connection does not give', async () => {
    await expect(loadUrl(`${address}/broken`, predictors)).rejects.toMatchObject(code('MODEL_READ_FAILED', '500'));
    await cp(folder, join(root, 'copy'), { recursive: true });
    await rm(join(folder, 'vocabulary.json'));
    await expect(loadUrl(`${address}/model`, predictors)).rejects.toMatchObject(
      code('MODEL_INCOMPLETE', 'vocabulary.json'),
    );
    await rm(join(folder, 'manifest.json'));
    await expect(loadUrl(`${address}/model`, predictors)).rejects.toMatchObject(code('MODEL_NOT_FOUND', address));
    await expect(loadUrl('http://127.0.0.1:1/model', predictors)).rejects.toMatchObject(code('MODEL_READ_FAILED'));
  });
});
