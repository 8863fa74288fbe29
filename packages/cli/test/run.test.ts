// The command line itself: commands, help, errors and exit codes, config files and plug-ins from the folder.
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { tasteTable, World } from './world.ts';

const plugin = `
export const shout = {
  kind: 'tokenizer', name: 'shout', contract: 1, package: 'unrolled-tokenizer-shout',
  options: {
    fields: { marks: { type: 'integer', default: 1, description: 'Number of marks', minimum: 0 } },
    defaults: { marks: 1 },
    '~standard': { version: 1, vendor: 'unrolled', validate: (value) => ({ value: { marks: 1, ...value } }) },
  },
  create: ({ marks }) => ({
    tokenize: (text) => [{ text: text.toUpperCase() + '!'.repeat(marks), start: 0, end: text.length }],
  }),
};
`;

describe('commands', () => {
  test('help lists every command; without a command it is a mistake', async () => {
    const world = new World();
    const help = await world.run('help');
    expect(help.code).toBe(0);
    for (const name of ['train DATA', 'evaluate MODEL DATA', 'predict MODEL', 'summary', 'data check DATA', 'env'])
      expect(help.stdout).toContain(`  ${name}`);
    expect(await world.run('--help')).toEqual(help);
    expect((await world.run('')).code).toBe(2);
    expect((await world.run('--version')).stdout).toBe('1.2.3\n');
  });

  test('help of a command shows its flags and the options of every plug-in, in 80 columns', async () => {
    const world = new World();
    const { stdout } = await world.run('train --help');
    expect(stdout).toContain('unrolled train DATA\n  learn a model from labelled data and save it\n');
    expect(stdout).toMatch(/ {2}--epochs N +passes over the training examples/);
    expect(stdout).toMatch(/With --cell lstm\n {2}--units N +Size of the hidden state/);
    expect(stdout).toMatch(/With --task many-to-one\n.*\n.*\n {2}--task-dropout N/);
    expect(stdout).toMatch(/ {2}--no-lowercase/);
    expect(Math.max(...stdout.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80);
    expect((await world.run('help train')).stdout).toBe(stdout);
  });

  test.each([
    ['trian x', 'COMMAND_UNKNOWN', 'There is no command trian.\nDid you mean train?'],
    ['data chek x', 'COMMAND_UNKNOWN', 'There is no command data chek.\nDid you mean data check?'],
    ['train', 'ARGUMENT_INVALID', 'train needs more arguments.\nWrite unrolled train DATA.'],
    ['env now', 'ARGUMENT_INVALID', 'env does not take "now".'],
    ['train x --epoch 3', 'FLAG_UNKNOWN', 'There is no flag --epoch.\nDid you mean --epochs?'],
    ['evaluate model x --units 3', 'FLAG_UNKNOWN', 'There is no flag --units.'],
    ['train x --every 3', 'FLAG_INVALID', 'Add --trainer truncated-bptt'],
    ['train x --early-stopping 1', 'FLAG_INVALID', 'Add for example --validation 0.1.'],
    ['train x --validation 1.5', 'FLAG_INVALID', '--validation must be a share between 0 and 1'],
    ['train x --delimiter ab', 'FLAG_INVALID', '--delimiter must be'],
  ])('%s leaves with 2', async (line, code, message) => {
    const { code: exit, stdout, stderr } = await new World().run(line);
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`error ${code}: `);
    expect(stderr).toContain(message);
  });

  test('flags without a value may stand before the command', async () => {
    expect(JSON.parse((await new World().run('--json env')).stdout).program).toBe('unrolled');
  });

  test('a misfit is one sentence; --debug adds the stack', async () => {
    const world = new World({ 'a.csv': 'text,label\na,b\n' });
    const line = 'train a.csv --direction both --trainer truncated-bptt';
    const { code, stderr } = await world.run(line);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error MANIFEST_MISFIT: layers\[0\]\.direction: .*\n[^\n]+\n$/);
    expect((await world.run(`${line} --debug`)).stderr).toContain('    at ');
  });

  test('colours only where they are wanted', async () => {
    const world = new World();
    const red = '\x1b[31m';
    const terminal = { stderrIsTerminal: true };
    expect((await world.run('evaluate a b', terminal)).stderr).toContain(red);
    expect((await world.run('evaluate a b')).stderr).not.toContain(red);
    expect((await world.run('evaluate a b --no-color', terminal)).stderr).not.toContain(red);
    expect((await world.run('evaluate a b', { ...terminal, env: { NO_COLOR: '1' } })).stderr).not.toContain(red);
    expect((await world.run('evaluate a b', { env: { FORCE_COLOR: '1' } })).stderr).toContain(red);
  });

  test('a reader that went away ends the writing, not the program', async () => {
    const world = new World();
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    expect(await world.run('env', { stdout })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await world.run('evaluate a b', { stderr: stdout })).code).toBe(1);
  });
});

describe('config and plug-ins', () => {
  const rows = { 'a.tsv': tasteTable(12) };

  test('a manifest in unrolled.config.json is what flags refine', async () => {
    const manifest = {
      input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'one-hot' } },
      layers: [{ use: 'vanilla', with: { units: 5 } }],
      task: { use: 'many-to-one' },
      optimizer: { use: 'sgd' },
      trainer: { use: 'bptt' },
      backend: { use: 'reference' },
    };
    const config = { manifest, run: { epochs: 2, batchSize: 4 } };
    const world = new World({ ...rows, 'unrolled.config.json': JSON.stringify(config) });
    const { stdout, stderr } = await world.run('train a.tsv --units 3');
    expect(stderr).toContain('characters → one-hot → vanilla → many-to-one; sgd, bptt; on reference');
    expect(stdout).toContain('6 updates');
    const alone = new World({ ...rows, 'm.json': JSON.stringify(manifest) });
    const summary = await alone.run('summary a.tsv --config m.json');
    expect(summary.stdout).toContain('Whh 5×5');
  });

  test('a config in JavaScript brings plug-ins of its own', async () => {
    const config = `import { shout } from './shout.js';
      export default { plugins: [shout], run: { epochs: 1 } };`;
    const world = new World({
      ...rows,
      'package.json': '{"type":"module"}',
      'shout.js': plugin,
      'unrolled.config.js': config,
    });
    expect((await world.run('env')).stdout).toMatch(/tokenizer +words, characters, ngrams, shout\n/);
    const { stdout, code } = await world.run('data check a.tsv --tokenizer shout --marks 2');
    expect(stdout).toContain('lengths in tokens of shout');
    expect(code).toBe(0);
  });

  test('--plugin imports a file or an installed package', async () => {
    const folder = 'node_modules/unrolled-tokenizer-shout';
    const world = new World({
      ...rows,
      'shout.mjs': plugin,
      [`${folder}/package.json`]:
        '{"name":"unrolled-tokenizer-shout","type":"module","exports":{".":{"import":"./main.js"},"./package.json":"./package.json"}}',
      [`${folder}/main.js`]: plugin,
    });
    for (const name of ['./shout.mjs', 'unrolled-tokenizer-shout'])
      expect((await world.run(`summary a.tsv --plugin ${name} --tokenizer shout`)).code).toBe(0);
    const hint = await world.run('summary a.tsv --tokenizer shout');
    expect(hint.code).toBe(1);
    expect(hint.stderr).toContain('add --plugin unrolled-tokenizer-shout');
  });

  test('a backend that is installed beside is hinted at, and never taken by itself', async () => {
    const folder = 'node_modules/@unrolled/backend-tfjs';
    const world = new World({ ...rows, [`${folder}/package.json`]: '{"name":"@unrolled/backend-tfjs"}' });
    const { stderr } = await world.run('train a.tsv --epochs 1');
    expect(stderr).toContain('on reference');
    expect(stderr).toContain('--plugin @unrolled/backend-tfjs --backend tfjs computes with it.');
    expect((await world.run('train a.tsv --epochs 1 --backend reference')).stderr).not.toContain('is installed');
  });

  test.each([
    ['env --plugin unrolled-cell-nowhere', {}, 'PLUGIN_MISSING', 'npm install unrolled-cell-nowhere'],
    ['env --plugin ./a.mjs', { 'a.mjs': 'export const x = 1;' }, 'PLUGIN_INVALID', 'exports no plug-in'],
    ['env --plugin ./a.mjs', { 'a.mjs': 'throw new Error("broken")' }, 'PLUGIN_MISSING', 'broken'],
    ['env --config c.json', { 'c.json': '{' }, 'CONFIG_INVALID', 'it is not JSON'],
    ['env --config c.json', { 'c.json': '{"manifst":{}}' }, 'CONFIG_INVALID', 'Did you mean "manifest"?'],
    ['env --config c.json', {}, 'FILE_MISSING', 'c.json'],
    ['env', { 'unrolled.config.js': '', 'unrolled.config.json': '' }, 'CONFIG_INVALID', 'Keep one of them'],
    ['train a.csv --backend tfjs', { 'a.csv': '' }, 'PLUGIN_UNKNOWN', '--plugin @unrolled/backend-tfjs'],
  ])('%s', async (line, files, code, message) => {
    const outcome = await new World(files).run(line);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain(`error ${code}: `);
    expect(outcome.stderr).toContain(message);
  });
});

test('env says what is installed and what this machine can do', async () => {
  const report = JSON.parse((await new World().run('env --json')).stdout);
  expect(report).toMatchObject({
    node: process.version,
    webassembly: { simd: true, threads: true },
    plugins: { cell: ['lstm', 'vanilla'], backend: ['reference', 'wasm'] },
    backends: { '@unrolled/backend-reference': { registered: true }, '@unrolled/backend-wasm': { registered: true } },
  });
  expect(report.packages['@unrolled/core']).toMatch(/^\d+\.\d+\.\d+/);
  expect(report.cores).toBeGreaterThan(0);
});
