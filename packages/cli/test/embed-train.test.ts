// embed train: from texts to a file that embed neighbors reads; the same bits, stopping, resuming, and what it says of mistakes.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainWord2Vec } from '@unrolled/vectorizer-word2vec';
import { loadWordVectors } from '@unrolled/word-vectors/node';
import { describe, expect, test } from 'vitest';
import { run } from '../src/run.ts';
import { registry } from './registry.ts';
import { World } from './world.ts';

/** Texts of two topics that share no word, so that a word's nearest ones are of its own. */
function topics(count: number): string {
  const words = [
    ['king', 'queen', 'crown', 'throne', 'palace', 'prince'],
    ['apple', 'pear', 'orchard', 'cider', 'juice', 'plum'],
  ] as const;
  let state = 7;
  const draw = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * 6);
  };
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: 8 }, () => words[(i % 2) as 0 | 1][draw()]).join(' '),
  ).join('\n');
}

const corpus = topics(600);
const small = '--size 8 --window 3 --sample 0 --learning-rate 0.1 --epochs 3';

describe('embed train', () => {
  test('learns what embed neighbors then reads', async () => {
    const world = new World({ 'corpus.txt': `${corpus}\nrare\n\n` });
    const { code, stdout, stderr } = await world.run(`embed train corpus.txt --output v.txt ${small} --threads 1`);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual(
      [1, 2, 3].map((epoch) =>
        expect.stringMatching(new RegExp(`^epoch ${epoch}/3 {2}[\\d,]+ words/s {2}learning rate [\\d.e-]+$`)),
      ),
    );
    expect(lines[3]).toMatch(/^12 words of 8 numbers in .*, 3 whole epochs, 1 thread$/);
    expect(lines[4]).toBe('0.0% of 4,801 tokens without a vector (1 word below the minimum count); 1 empty text');
    expect(lines.slice(5)).toEqual(['saved in v.txt']);
    expect(world.list()).toEqual(['corpus.txt', 'v.txt']);
    const near = await world.run('embed neighbors v.txt king --count 5 --json');
    const { neighbors } = JSON.parse(near.stdout) as { readonly neighbors: readonly { readonly word: string }[] };
    expect(neighbors.map(({ word }) => word).sort()).toEqual(['crown', 'palace', 'prince', 'queen', 'throne']);
  });

  test('gives what the package gives, the same bytes for a seed and any number of threads, others for another', async () => {
    const world = new World({ 'a.txt': topics(200), 'b.txt': topics(100) });
    const line = `embed train a.txt b.txt ${small} --quiet`;
    const runs = ['one --threads 1', 'two --threads 2', 'again --threads 1 --seed 1', 'other --seed 2 --threads 1'];
    for (const run of runs) expect((await world.run(`${line} --format word2vec-binary --output ${run}`)).code).toBe(0);
    expect(world.bytes('two')).toEqual(world.bytes('one'));
    expect(world.bytes('again')).toEqual(world.bytes('one'));
    expect(world.bytes('other')).not.toEqual(world.bytes('one'));
    const sentences = [topics(200), topics(100)].flatMap((text) => text.split('\n').map((words) => words.split(' ')));
    const options = { size: 8, window: 3, sample: 0, learningRate: 0.1, epochs: 3, threads: 1 };
    const { vectors } = await trainWord2Vec(sentences, options);
    const read = await loadWordVectors(join(world.cwd, 'one'));
    expect(read.vectors.words).toEqual(vectors.words);
    expect(read.vectors.values).toEqual(vectors.values);
  });

  test.each([
    ['v.txt', 'word2vec-text'],
    ['v.VEC', 'word2vec-text'],
    ['v.bin', 'word2vec-binary'],
    ['v.safetensors', 'safetensors'],
    ['v.bin --format glove', 'glove'],
  ])('--output %s is %s', async (output, format) => {
    const world = new World({ c: topics(20) });
    await world.run(`embed train c --output ${output} --size 3 --epochs 1 --threads 1 --mode cbow`);
    const found = await world.run(`embed neighbors ${output.split(' ')[0]} king --count 1`);
    expect(found.stderr).toContain(`12 words of 3 numbers, ${format}`);
  });

  test('from a column and a split of a table, with a tokenizer and its options; loss on held-out texts; as JSON', async () => {
    const rows = topics(40).split('\n');
    const table = ['text,split', ...rows.map((row, i) => `${row.toUpperCase()},${i < 30 ? 'train' : 'heldout'}`)];
    const world = new World({ 'c.csv': table.join('\n'), 'h.txt': topics(10) });
    const line = 'embed train c.csv --split train --tokenizer ngrams --to 1 --no-lowercase --output v.vec --epochs 2';
    const { code, stdout } = await world.run(`${line} --size 4 --threads 1 --json`);
    expect(code).toBe(0);
    const [first, second, end] = stdout
      .trimEnd()
      .split('\n')
      .map((json) => JSON.parse(json));
    expect(first).toMatchObject({ event: 'epoch', epoch: 1, epochs: 2, wordsPerSecond: expect.any(Number) });
    expect(second.learningRate).toBeLessThan(first.learningRate);
    expect(end).toMatchObject({
      event: 'end',
      stopped: 'finished',
      words: 12,
      size: 4,
      occurrences: 240,
      file: 'v.vec',
    });
    expect(world.bytes('v.vec').toString()).toContain('\nKING ');
    const heldOut = await world.run(
      'embed train h.txt --held-out h.txt --output h.bin --epochs 2 --threads 1 --size 4',
    );
    expect(heldOut.stdout).toMatch(/epoch 1\/2 .* held-out loss \d\.\d{4}\n/);
  });

  test('Ctrl-C saves what was learned; --resume ends in the bits of a run that was not stopped', async () => {
    const world = new World({ c: corpus });
    const line = `embed train c ${small} --threads 1`;
    await world.run(`${line} --output whole.bin`);
    const controller = new AbortController();
    const onWrite = (text: string) => {
      if (text.includes('epoch 1/3')) controller.abort();
    };
    const stopped = await world.run(`${line} --output v.bin`, { signal: controller.signal, onWrite });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toBe(
      'Stopping after this step, then saving; Ctrl-C again leaves at once.\nAdd --resume to the same line to go on.\n',
    );
    expect(world.list()).toEqual(['c', 'v.bin', 'v.bin.checkpoint', 'whole.bin']);
    expect(world.bytes('v.bin')).not.toEqual(world.bytes('whole.bin'));
    expect((await world.run('embed neighbors v.bin king --count 1')).code).toBe(0);

    const again = await world.run(`${line} --output v.bin`);
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining('error CHECKPOINT_EXISTS: v.bin.checkpoint holds a run to go on with.\nAdd --resume'),
    ]);
    expect((await world.run(`${line.replace('--size 8', '--size 9')} --output v.bin --resume`)).stderr).toContain(
      'option "size" must be 8, as in the checkpoint, but 9 was given',
    );
    const resumed = await world.run(`${line} --output v.bin --resume`);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).not.toContain('epoch 1/3');
    expect(world.bytes('v.bin')).toEqual(world.bytes('whole.bin'));
    expect(world.list()).toEqual(['c', 'v.bin', 'whole.bin']);
  });

  test('--checkpoint keeps what further epochs need; --no-resume forgets it', async () => {
    const world = new World({ c: corpus });
    const line = 'embed train c --size 4 --threads 1 --output v.txt';
    await world.run(`${line} --epochs 1 --checkpoint`);
    expect(world.has('v.txt.checkpoint')).toBe(true);
    const more = await world.run(`${line} --epochs 2 --resume`);
    expect(more.stdout).toContain('epoch 2/2');
    expect(more.stdout).not.toContain('epoch 1/2');
    expect(world.has('v.txt.checkpoint')).toBe(false);
    writeFileSync(join(world.cwd, 'v.txt.checkpoint'), 'no checkpoint');
    expect((await world.run(`${line} --resume`)).stderr).toContain('error MODEL_CORRUPT');
    expect((await world.run(`${line} --no-resume --overwrite --epochs 1`)).code).toBe(0);
    expect(world.list()).toEqual(['c', 'v.txt']);
  });

  test('Ctrl-C before anything was learned leaves nothing', async () => {
    const world = new World({ c: corpus });
    const controller = new AbortController();
    controller.abort();
    const { code, stdout, stderr } = await world.run('embed train c --output v.txt', { signal: controller.signal });
    expect([code, stdout, stderr]).toEqual([130, '', 'Stopped before anything was learned; nothing was saved.\n']);
    expect(world.list()).toEqual(['c']);
  });

  test('a bar on a terminal', async () => {
    const world = new World({ c: corpus });
    const { stderr } = await world.run('embed train c --output v.txt --threads 1 --epochs 1', {
      stderrIsTerminal: true,
      columns: 200,
    });
    expect(stderr).toContain('counting words');
    expect(stderr).toMatch(/epoch 1\/1 {2}\S+ {2}\d+\.\d% {2}[\d,]+ words\/s {2}learning rate [\d.e-]+/);
  });

  test('words that the format cannot hold: what was learned is not lost', async () => {
    const world = new World({ c: topics(60) });
    const line = 'embed train c --tokenizer ngrams --to 2 --size 4 --epochs 1 --threads 1 --minimum-count 2';
    const refused = await world.run(`${line} --output v.txt`);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('error WORD_UNWRITABLE');
    expect(refused.stderr).toContain('What was learned is in v.txt.checkpoint: add --resume --format safetensors');
    expect(world.list()).toEqual(['c', 'v.txt.checkpoint']);
    expect((await world.run(`${line} --output v.txt --resume --format safetensors`)).code).toBe(0);
    expect(world.list()).toEqual(['c', 'v.txt']);
  });
});

describe('mistakes leave nothing behind', () => {
  test.each([
    ['embed train', 2, 'embed train needs more arguments.\nWrite unrolled embed train CORPUS….'],
    ['embed train c', 2, '--output is missing.\nSay where the vectors go'],
    ['embed train c --output v', 2, '--output v has no ending that says a format.'],
    ['embed train c --output v.gz', 2, '--output v.gz has no ending that says a format.'],
    ['embed train d --output v.txt', 1, 'error FILE_MISSING: There is no file d.'],
    ['embed train c --held-out d --output v.txt', 1, 'error FILE_MISSING: There is no file d.'],
    ['embed train - --output v.txt', 2, 'read several times, which stdin cannot be'],
    ['embed train bytes --output v.txt', 1, 'error ENCODING_INVALID: bytes:2: byte 0xff'],
    ['embed train empty --output v.txt', 1, 'error CORPUS_EMPTY'],
    ['embed train c --minimum-count 100 --output v.txt', 1, 'comes 100 times.\nLower --minimum-count'],
    ['embed train c --output no/v.txt', 1, 'error FOLDER_MISSING: There is no folder'],
    ['embed train c --output old.txt', 1, 'error FILE_EXISTS: old.txt is there already.\nAdd --overwrite'],
    [
      'embed train c --output folder.txt --overwrite',
      1,
      'error FILE_EXISTS: folder.txt is there already and is no file',
    ],
    ['embed train c --output v.txt --size none', 2, '--size must be a whole number'],
    ['embed train c --output v.txt --sample 2', 1, 'option "sample" must be'],
    ['embed train c --output v.txt --threads 65', 1, 'option "threads" must be a whole number'],
    ['embed train c --output v.txt --mode glove', 2, '--mode must be one of skip-gram, cbow'],
    ['embed train c --output v.txt --negative 3', 2, 'There is no flag --negative.\nDid you mean --negatives?'],
    ['embed train c --output v.txt --tokenizer word', 2, '--tokenizer word is not registered.\nDid you mean words?'],
    ['embed train c --output v.txt --to 2', 2, '--to is an option of tokenizer "ngrams", which is not used here'],
    ['embed train c --output v.txt --learning-rate 1e30', 1, 'error TRAINING_DIVERGED'],
  ])('%s', async (line, code, message) => {
    const files = {
      c: topics(20),
      bytes: Buffer.from('king king king king king\n\xff\n', 'latin1'),
      empty: '\n\n',
      'old.txt': 'kept',
      'folder.txt/x': '',
    };
    const world = new World(files);
    const before = world.list();
    const found = await world.run(line);
    expect(found.stderr).toContain(message);
    expect([found.code, found.stdout]).toEqual([code, '']);
    expect(world.list()).toEqual(before);
    expect(world.bytes('old.txt').toString()).toBe('kept');
  });

  test('a program without what trains', async () => {
    const world = new World({ c: topics(20) });
    const written = { stdout: '', stderr: '' };
    const argv = 'embed train c --output v.txt'.split(' ');
    expect(await run(registry, argv, world.io(written), { name: 'mine', version: '1' })).toBe(1);
    expect(written.stderr).toContain(
      'error TRAINER_MISSING: mine was made without what trains word vectors.\nRun npm i',
    );
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('a folder that cannot be written', async () => {
    const world = new World({ c: topics(20), 'locked/x': '' });
    chmodSync(join(world.cwd, 'locked'), 0o500);
    const { code, stderr } = await world.run('embed train c --output locked/v.txt');
    expect([code, stderr]).toEqual([1, expect.stringContaining("error VECTOR_FILE_UNWRITABLE: locked/v.txt can't be")]);
  });
});
