// What can't be done is said: a device that is not there, a peer that is not installed, a loss that is not a number.
import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { type BundledProgram, bundleProgram } from '@unrolled/bundled';
import { parseOptions } from '@unrolled/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tfjs } from '../src/index.ts';
import { compileOn, firstWeights } from './devices.ts';
import { idsBatch, reviewsNetwork } from './networks.ts';

const batch = idsBatch([3, 2]);

let program: BundledProgram;
beforeAll(async () => {
  const peers = ['tfjs', 'tfjs-backend-wasm', 'tfjs-backend-webgpu'].map((name) => `@tensorflow/${name}`);
  program = await bundleProgram(new URL('./refusals-process.ts', import.meta.url), peers);
});
afterAll(() => program.remove());

test.each(['webgl', 'webgpu'] as const)('%s does not start in Node', async (device) => {
  await expect(compileOn(device, reviewsNetwork())).rejects.toMatchObject({
    code: 'DEVICE_UNAVAILABLE',
    message: expect.stringMatching(`could not start its backend "${device}" here. Use another device: cpu`),
  });
  const executable = await compileOn('cpu', reviewsNetwork());
  await executable.forward(batch, executable.initialState(2), { mode: 'infer' });
  executable.dispose();
});

test('float64 is refused', async () => {
  const compile = tfjs.compile({ device: 'cpu', wasmPaths: {} });
  await expect(compile(reviewsNetwork(), { precision: 'float64' })).rejects.toMatchObject({
    code: 'BACKEND_UNSUPPORTED',
    message: expect.stringMatching(/computes in float32, but float64 was asked for.*reference backend/),
  });
});

test('addresses for some of the .wasm files are refused', () => {
  const given = { device: 'wasm', wasmPaths: { 'tfjs-backend-wasm.wasm': '/a.wasm' } };
  expect(() => parseOptions(tfjs.options, given, 'backend "tfjs"')).toThrow(
    'backend "tfjs": option "wasmPaths" must be empty or give an address for each of tfjs-backend-wasm.wasm, ',
  );
});

describe('a value that is not finite', () => {
  test.each([
    ['in the weights of the loss', Number.NaN],
    ['too large for float32', 1e39],
  ])('%s leaves weights, optimizer and updates as they are', async (_, weight) => {
    const executable = await compileOn('cpu', reviewsNetwork());
    await executable.write({ parameters: firstWeights(executable) });
    const before = await executable.read();
    const bad = { ...batch, weights: Float64Array.of(weight, 0.5) };
    const step = { key: { seed: 1, update: 0 }, learningRate: 0.1 };
    const result = await executable.trainStep(bad, executable.initialState(2), step);
    expect(Number.isFinite(result.loss) && Number.isFinite(result.gradientNorm)).toBe(false);
    expect(await executable.read()).toEqual(before);
    const good = await executable.trainStep(batch, executable.initialState(2), step);
    expect(Number.isFinite(good.loss)).toBe(true);
    expect((await executable.read()).updates).toBe(1);
  });
});

test('two devices take turns, and leave the current backend of TensorFlow.js as it was', async () => {
  const [cpu, wasm] = [await compileOn('cpu', reviewsNetwork()), await compileOn('wasm', reviewsNetwork())];
  for (const executable of [cpu, wasm]) await executable.write({ parameters: firstWeights(executable) });
  for (const current of ['wasm', 'cpu']) {
    await tf.setBackend(current);
    const step = { key: { seed: 1, update: 0 }, learningRate: 0.1 };
    const train = (executable: typeof cpu) => executable.trainStep(batch, executable.initialState(2), step);
    // At the same time, so that they also meet where one waits for numbers.
    const [first, second] = await Promise.all([train(cpu), train(wasm)]);
    expect(second.loss).toBeCloseTo(first.loss, 5);
    expect(tf.getBackend()).toBe(current);
  }
  const [ofCpu, ofWasm] = await Promise.all([cpu.read(), wasm.read()]);
  for (const [name, { data }] of Object.entries(ofCpu.parameters))
    data.forEach((value, i) => {
      expect(ofWasm.parameters[name]?.data[i], name).toBeCloseTo(value, 3);
    });
});

test('devices may start at once, and while others compute; errors of the process stay its own business', async () => {
  const { stdout } = await node(`
    const on = (device) => tfjs.compile({ device, wasmPaths: {} })(network, {});
    const cpu = await on('cpu');
    const computing = cpu.forward(batch, cpu.initialState(2), { mode: 'infer' });
    const starting = [on('wasm'), on('webgl').catch(() => undefined), on('wasm')];
    await cpu.forward(batch, cpu.initialState(2), { mode: 'infer' });
    const [first, none, second] = await Promise.all(starting);
    console.log(first.parameters.length === second.parameters.length, none, (await computing).output.shape.join());
    console.log(process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection'));
  `);
  expect(stdout.trim().split('\n')).toEqual(['true undefined 2,2', '0 0']);
});

test.each(['cpu', 'wasm'])('nothing is printed by TensorFlow.js on %s', async (device) => {
  const { stdout, stderr } = await node(`
    const executable = await tfjs.compile({ device: '${device}', wasmPaths: {} })(network, {});
    const { output } = await executable.forward(batch, executable.initialState(2), { mode: 'infer' });
    await tfjs.compile({ device: 'webgl', wasmPaths: {} })(network, {}).catch(({ code }) => console.log(code));
  `);
  expect(stdout.trim()).toBe('DEVICE_UNAVAILABLE');
  expect(stderr).toBe('');
});

test.each([
  ['@tensorflow/tfjs', 'cpu'],
  ['@tensorflow/tfjs-backend-wasm', 'wasm'],
  ['@tensorflow/tfjs-backend-webgpu', 'webgpu'],
])('without %s, %s names it with its install line', async (name, device) => {
  const run = `await tfjs.compile({ device: '${device}', wasmPaths: {} })(network, {})
    .catch(({ code, message }) => console.log(code, message));`;
  const { stdout } = await node(run, name);
  expect(stdout.trim()).toBe(
    `PEER_MISSING The tfjs backend needs ${name}, which could not be loaded. Install it: npm install ${name}@4.22.0`,
  );
});

/** Runs code in a Node of its own, where `missing` can not be resolved. */
async function node(code: string, missing?: string): Promise<{ stdout: string; stderr: string }> {
  const hook = `export async function resolve(name, context, next) {
    if (name === '${missing}') throw Object.assign(new Error('not installed'), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(name, context);
  }`;
  const script = `
    import { register } from 'node:module';
    if (${missing !== undefined}) register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));
    const { tfjs, idsBatch, reviewsNetwork } = await import('${pathToFileURL(program.path).href}');
    const [network, batch] = [reviewsNetwork(), idsBatch([3, 2])];
    ${code}
  `;
  return promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
}
