// Thousands of calls leave nothing behind.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { removeModels, saveTinyModel } from './support.ts';

afterAll(removeModels);

it('memory is flat over predictions, refusals, streams that end and streams that are left', async () => {
  const script = fileURLToPath(new URL('./memory-process.ts', import.meta.url));
  const node = ['--expose-gc', '--conditions=@unrolled/source', '--import', import.meta.resolve('tsx'), script];
  const { stdout } = await promisify(execFile)(process.execPath, [...node, await saveTinyModel()], {
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  });
  const { bytes, calls } = JSON.parse(stdout) as { readonly bytes: readonly number[]; readonly calls: number };
  // The first rounds fill caches and the ring buffers of the metrics. After them the engine still compiles a little, some 100
  // bytes a call; a request, a stream or a waiting text that were kept would be more than 500.
  const grown = (bytes.at(-1) as number) - (bytes[1] as number);
  expect(grown / (calls * (bytes.length - 2))).toBeLessThan(400);
});
