// npm run page: serves the page and rebuilds it as its files change; --build writes it to dist/ instead; --check FILE trains
// again in Node and compares the numbers that the page has saved.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isUnrolledError } from '@unrolled/core';
import { movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { build, createServer } from 'vite';
import { differences, readNumbers, trainHere } from './src/training/index.ts';

const configFile = join(import.meta.dirname, 'vite.config.ts');

try {
  const { values } = parseArgs({ options: { build: { type: 'boolean' }, check: { type: 'string' } } });
  if (values.check !== undefined) process.exitCode = await check(values.check);
  else if (values.build) await build({ configFile });
  else await serve();
} catch (error) {
  console.error(error instanceof Error && !isUnrolledError(error) ? error.message : String(error));
  process.exitCode = 1;
}

async function serve(): Promise<void> {
  const server = await createServer({ configFile });
  await server.listen();
  server.printUrls();
}

/** @param file - as seen from where npm was called. @returns the exit code */
async function check(file: string): Promise<number> {
  const saved = readNumbers(await readFile(resolve(process.env.INIT_CWD ?? '', file), 'utf8'));
  const { settings, steps } = saved;
  const until = steps.at(-1)?.update as number;
  const here = await trainHere(settings, await movieReviewsTrain(), { until });
  const found = differences(saved, here);
  console.log(
    found.length === 0 ? `Equal bit for bit: ${steps.length} losses, weights ${here.weights}.` : found.join('\n'),
  );
  return found.length === 0 ? 0 : 1;
}
