// A network's schedule and module as text: readable, and the module is one that WebAssembly's own tools take.
import { isUnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { moduleText, scheduleText, type TextOptions } from '../src/index.ts';
import { embedding, lstmLayer, moduleOf, networkOf } from './trials.ts';

const network = networkOf({ layers: [lstmLayer(8, { dropout: { output: 0.2 } })] });

test.each(['forward', 'gradients', 'train'] as const)('the module of %s is WebAssembly', async (call) => {
  const text = await moduleText(network, { call });
  expect(text).toMatch(/^\(module/);
  expect(text).toContain('f32x4.mul');
  expect(text).toContain('(export "run"');
  const { parseWat } = await wabt();
  const parsed = parseWat(`${call}.wat`, text, { simd: true, threads: true, bulk_memory: true });
  parsed.validate();
  const { buffer } = parsed.toBinary({});
  const module = new WebAssembly.Module(Uint8Array.from(buffer));
  expect(WebAssembly.Module.exports(module)).toEqual([{ name: 'run', kind: 'function' }]);
  expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
});

test('each call shows what it computes, and no more', async () => {
  const [forward, gradients, train] = [
    await scheduleText(network, { call: 'forward' }),
    await scheduleText(network, { call: 'gradients' }),
    await scheduleText(network),
  ];
  expect(forward).toContain('layers.0.Wxi @ b0[t] | ');
  expect(forward).not.toContain('∂');
  for (const text of [gradients, train]) {
    expect(text).toContain('for each step, from the last to the first:');
    expect(text).toContain('∂layers.0.Whi');
  }
  // A training step needs no gradient of its inputs.
  expect(gradients).toContain('layers.0.Wxiᵀ @');
  expect(train).not.toContain('layers.0.Wxiᵀ @');
  expect((await moduleText(network)).length).toBeGreaterThan((await moduleText(network, { call: 'forward' })).length);
});

test('a network that only predicts has no training step, but a forward call', async () => {
  const { optimizer: _, loss: __, ...silent } = networkOf({ input: { kind: 'ids', vocabulary: 9, module: embedding } });
  expect(await scheduleText(silent, { call: 'forward' })).toContain('gather(input.E');
  const error: unknown = await moduleText(silent).catch((thrown) => thrown);
  expect(isUnrolledError(error, 'OPTIMIZER_MISSING')).toBe(true);
});

test('a mistake in the equations is reported as anywhere', async () => {
  const wrong = networkOf({ output: moduleOf('y = W @ last_s(h[s]) + b', 'y', { W: [3, 'hidden'] }) });
  for (const show of [moduleText, scheduleText])
    await expect(show(wrong)).rejects.toMatchObject({ code: 'EQUATION_NAME' });
});

test.each([
  [{ call: 'bogus' }, 'option "call" must be one of forward, gradients, train'],
  [{ cal: 'train' }, 'option "cal" is not known'],
])('there is no text of %j', async (options, message) => {
  for (const show of [moduleText, scheduleText])
    await expect(show(network, options as TextOptions)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(message),
    });
});
