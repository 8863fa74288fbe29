// The command `unrolled` as a process of its own: pipes, signals, kills, a full disk, and real reviews end to end.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundledProgram, bundleProgram } from '@unrolled/bundled';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const home = fileURLToPath(new URL('..', import.meta.url));
const source = new URL('../src/bin.ts', import.meta.url);
/** Loads TypeScript, where a plug-in is loaded from its source. */
const withTsx = ['--conditions=@unrolled/source', '--import', import.meta.resolve('tsx'), fileURLToPath(source)];
const reviews = fileURLToPath(
  new URL(import.meta.resolve('@unrolled/dataset-movie-reviews/data/mr_same_formatting.tsv')),
);

const windows = process.platform === 'win32';
const small = '--units 8 --vectorizer-size 16 --batch-size 20 --epochs 3 --labels 0=negative,1=positive';

let folder: string;
let program: BundledProgram;
let trained: Outcome;
beforeAll(async () => {
  program = await bundleProgram(source);
  folder = mkdtempSync(join(tmpdir(), 'unrolled-bin-'));
  writeFileSync(join(folder, 'reviews.tsv'), someReviews(100, 40));
  trained = await unrolled(`train reviews.tsv ${small} --out whole`);
}, 60_000);
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The first reviews of each label of both splits, under the real header. */
function someReviews(training: number, heldout: number): string {
  const [header, ...rows] = readFileSync(reviews, 'utf8').trimEnd().split('\n');
  const of = (split: string, label: string, count: number) =>
    rows.filter((row) => row.split('\t')[1] === split && row.split('\t')[2] === label).slice(0, count);
  const parts = ['0', '1'].flatMap((label) => [...of('train', label, training), ...of('heldout', label, heldout)]);
  return `${[header, ...parts].join('\n')}\n`;
}

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly input?: string;
  /** Whether stdin stays open after it. */
  readonly open?: boolean;
  readonly cwd?: string;
  /** A bash script that runs it as "$@". */
  readonly through?: string;
  /** Called with all of stdout and stderr so far. */
  readonly watch?: (stdout: string, stderr: string, child: ChildProcess) => void;
  /** What Node is given before the command's own arguments. */
  readonly node?: readonly string[];
}

async function unrolled(line: string, options: Options = {}): Promise<Outcome> {
  const { input, open = false, cwd = folder, through, watch, node = [program.path] } = options;
  const argv = [...node, ...line.split(' ')];
  const env = { ...process.env, TSX_DISABLE_CACHE: '1', NO_COLOR: '1' };
  const child =
    through === undefined
      ? spawn(process.execPath, argv, { cwd, env })
      : spawn('bash', ['-c', through, 'bash', process.execPath, ...argv], { cwd, env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    watch?.(stdout, stderr, child);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    watch?.(stdout, stderr, child);
  });
  child.stdin.on('error', () => undefined)[open ? 'write' : 'end'](input ?? '');
  return await new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Sends each signal once, as soon as the text for it has appeared. */
function once(...steps: readonly (readonly [text: string, signal: NodeJS.Signals])[]): NonNullable<Options['watch']> {
  let next = 0;
  return (stdout, stderr, child) => {
    const step = steps[next];
    if (!step || !`${stdout}${stderr}`.includes(step[0])) return;
    next++;
    child.kill(step[1]);
  };
}

const bytes = (path: string) => readFileSync(join(folder, path));

describe('200 real reviews', () => {
  test('train, evaluate and predict in pipes', async () => {
    expect(trained).toMatchObject({ code: 0, signal: null });
    expect(trained.stdout).toContain('training part: 200 examples (negative 100, positive 100)');
    const measured = await unrolled('evaluate whole reviews.tsv --json');
    expect(JSON.parse(measured.stdout)).toMatchObject({ examples: 80, majority: 0.5 });
    const predicted = await unrolled('predict whole', { input: 'an instant classic\na dull mess\n' });
    expect(predicted.code).toBe(0);
    const answers = predicted.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ text }) => text)).toEqual(['an instant classic', 'a dull mess']);
    expect(answers.every(({ label }) => ['negative', 'positive'].includes(label))).toBe(true);
  });

  test('killed and resumed, it ends in the same weights', async () => {
    const line = `train reviews.tsv ${small} --out killed --checkpoint-every 1`;
    const killed = await unrolled(line, { watch: once(['epoch 2/3', 'SIGKILL']) });
    expect(killed.signal).toBe('SIGKILL');
    expect(existsSync(join(folder, 'killed'))).toBe(false);
    const again = await unrolled(line);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('error CHECKPOINT_EXISTS: killed.checkpoint holds a run that was not finished.');
    const resumed = await unrolled(`${line} --resume`);
    expect(resumed.code).toBe(0);
    expect(bytes('killed/weights.safetensors')).toEqual(bytes('whole/weights.safetensors'));
    expect(readdirSync(folder).filter((name) => name.includes('killed'))).toEqual(['killed']);
  });
});

test('word vectors: Ctrl-C saves them, --resume goes on, embed neighbors reads them', async () => {
  const line = 'embed train reviews.tsv --output v.bin --size 16 --minimum-count 2 --epochs';
  const stopped = await unrolled(`${line} 2000`, { watch: once(['epoch    1/2000', 'SIGINT']) });
  expect(stopped).toMatchObject({ code: 130, stderr: expect.stringContaining('Stopping after this step') });
  expect((await unrolled('embed neighbors v.bin film --count 3 --quiet')).stdout.trimEnd().split('\n')).toHaveLength(3);
  const resumed = await unrolled(`${line} 1 --resume`);
  expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining('saved in v.bin') });
  expect(readdirSync(folder).filter((name) => name.startsWith('v.bin'))).toEqual(['v.bin']);
});

describe('Ctrl-C', () => {
  test('once: stops after the step, saves, leaves with 130', async () => {
    const line = `train reviews.tsv ${small.replace('--epochs 3', '--epochs 500')} --out once`;
    const { code, stderr } = await unrolled(line, { watch: once(['epoch   1/500', 'SIGINT']) });
    expect(code).toBe(130);
    expect(stderr).toContain('Stopping after this step');
    expect((await unrolled('predict once', { input: 'fine\n' })).code).toBe(0);
  });

  test('once, where nothing is to be saved: leaves at once', async () => {
    const predicting = await unrolled('predict whole', {
      input: 'fine\n',
      open: true,
      watch: once(['"fine"', 'SIGINT']),
    });
    expect(predicting).toMatchObject({ code: 130, stderr: '' });
  });

  test('twice: leaves at once; what there is, is whole', async () => {
    const line = 'train reviews.tsv --units 64 --vectorizer-size 64 --batch-size 200 --out twice';
    const { code, stdout } = await unrolled(`${line} --epochs 50`, {
      watch: once(['of split train', 'SIGINT'], ['Stopping', 'SIGINT']),
    });
    expect(code).toBe(130);
    expect(stdout).not.toContain('saved');
    expect(existsSync(join(folder, 'twice'))).toBe(false);
    expect((await unrolled(`${line} --epochs 1 --resume`)).code).toBe(0);
    expect(readdirSync(folder).filter((name) => name.includes('twice'))).toEqual(['twice']);
  });
});

describe('the world outside', () => {
  test('a reader that goes away (| head) is no error', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `line ${i} of a long file`).join('\n');
    const { code, stderr } = await unrolled('predict whole', {
      input: lines,
      watch: (_stdout, _stderr, child) => child.stdout?.destroy(),
    });
    expect(code).toBe(0);
    expect(stderr).toBe('');
  });

  test.skipIf(windows)('the exit code is right though nobody reads what went wrong', async () => {
    const through = 'set -o pipefail; "$@" 2>&1 | true';
    expect((await unrolled('nonsense', { through })).code).toBe(2);
    expect((await unrolled('help train', { through })).code).toBe(0);
  });

  test.skipIf(windows)('a full disk is a clear error, and what was there stays', async () => {
    const before = bytes('whole/weights.safetensors');
    const { code, stderr } = await unrolled(`train reviews.tsv ${small} --out whole --seed 9 --slim`, {
      through: 'ulimit -f 16; exec "$@"', // no file over 16 KiB: what a full disk does, only sooner
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/error (CHECKPOINT|MODEL)_WRITE_FAILED: /);
    expect(bytes('whole/weights.safetensors')).toEqual(before);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('--plugin adds TensorFlow.js from the working folder', async () => {
    const path = join(folder, 'reviews.tsv');
    const out = join(folder, 'with-tfjs');
    const line = `--plugin @unrolled/backend-tfjs --backend tfjs --out ${out} --epochs 1`;
    const added = await unrolled(`train ${path} ${small.replace('--epochs 3', line)}`, { cwd: home, node: withTsx });
    expect(added.stderr).toContain('on tfjs');
    expect(added.code).toBe(0);
    const elsewhere = await unrolled('predict with-tfjs', { input: 'fine\n' });
    expect(elsewhere.code).toBe(0); // the reference backend computes what TensorFlow.js trained
  });

  test('--version is the one of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    expect((await unrolled('--version')).stdout).toBe(`${version}\n`);
  });
});
