#!/usr/bin/env node
// The command `unrolled`: the command line of @unrolled/cli over the default registry.
import { readFileSync } from 'node:fs';
import { run } from '@unrolled/cli';
import { defaultManifest } from './default-manifest.ts';
import { registry } from './registry.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
process.exitCode = await run(registry, process.argv.slice(2), undefined, {
  name: 'unrolled',
  version,
  manifest: defaultManifest,
  word2vec: () => import('@unrolled/vectorizer-word2vec'),
  examples: () => import('@unrolled/examples'),
});
