// node tooling/new-package.mjs FOLDER NAME "DESCRIPTION" [workspace dependency…]
// Writes the package.json, tsconfig.build.json and licence that every package here has; touches nothing that exists.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [folder, name, description, ...dependencies] = process.argv.slice(2);
if (!description) {
  console.error('usage: node tooling/new-package.mjs FOLDER NAME "DESCRIPTION" [workspace dependency…]');
  process.exit(2);
}
const home = join(root, folder);
mkdirSync(join(home, 'src'), { recursive: true });
mkdirSync(join(home, 'test'), { recursive: true });

const published = { types: './dist/index.d.ts', default: './dist/index.js' };
write(
  'package.json',
  `${JSON.stringify(
    {
      name,
      version: '0.1.0',
      description,
      keywords: ['unrolled', 'rnn', 'recurrent-neural-network'],
      license: 'MIT',
      repository: { type: 'git', url: 'git+https://example.org/unrolled.git', directory: folder },
      type: 'module',
      sideEffects: false,
      exports: { '.': { '@unrolled/source': './src/index.ts', ...published }, './package.json': './package.json' },
      files: ['dist', 'src'],
      engines: { node: '>=20.19.0' },
      publishConfig: {
        access: 'public',
        exports: { '.': published, './package.json': './package.json' },
      },
      scripts: { build: 'tsc -p tsconfig.build.json' },
      ...(dependencies.length > 0 && {
        dependencies: Object.fromEntries(dependencies.sort().map((d) => [d, 'workspace:^'])),
      }),
    },
    null,
    2,
  )}\n`,
);
write(
  'tsconfig.build.json',
  `{ "extends": "${relative(home, join(root, 'tsconfig.build.json')).replaceAll('\\', '/')}" }\n`,
);
write('LICENSE', readFileSync(join(root, 'LICENSE'), 'utf8'));

function write(file, text) {
  if (!existsSync(join(home, file))) writeFileSync(join(home, file), text);
}
