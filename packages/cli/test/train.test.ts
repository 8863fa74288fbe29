// train, evaluate, predict and summary, from a table to answers; interrupted, resumed, and with bad input.
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { tasteTable, World } from './world.ts';

const splits = (row: number) => (row < 40 ? 'train' : 'heldout');
const data = { 'taste.tsv': tasteTable(56, splits) };
const fast = '--epochs 4 --batch-size 8 --seed 3';

async function trained(): Promise<World> {
  const world = new World(data);
  const { code, stderr } = await world.run(`train taste.tsv ${fast}`);
  expect(stderr).toContain('taste.tsv: 40 examples of split train (train 40, heldout 16)');
  expect(code).toBe(0);
  return world;
}

describe('the whole path', () => {
  test('train says a line per epoch and a report, and saves', async () => {
    const world = new World(data);
    const { code, stdout, stderr } = await world.run(`train taste.tsv ${fast} --validation 0.2`);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, 4).every((line) => /^epoch \d\/4 {2}loss \d\.\d{4} {2}accuracy/.test(line))).toBe(true);
    expect(lines[4]).toMatch(/^16 updates in .*s, 4 whole epochs$/);
    expect(stdout).toContain('training part: 32 examples (negative 16, positive 16)');
    expect(stdout).toContain('validation part: 8 examples;');
    expect(stdout).toMatch(/tokens unknown\nvocabulary: tokens \d+/);
    expect(lines.at(-1)).toBe('saved in model');
    expect(stderr).toContain('words → embedding → lstm → many-to-one; adam, bptt; on reference');
    expect(world.list()).toEqual(['model', 'taste.tsv']);
    expect(world.list('model')).toEqual(['checkpoint', 'manifest.json', 'vocabulary.json', 'weights.safetensors']);
  });

  test('--tensorboard writes event files of the run', async () => {
    const world = new World(data);
    const line = `train taste.tsv ${fast} --validation 0.2 --tensorboard logs/first`;
    const { code } = await world.run(`${line} --tensorboard-every 3`);
    expect(code).toBe(0);
    expect(world.list('logs/first')).toEqual(['train', 'validation']);
    const [file = ''] = world.list('logs/first/train');
    const written = world.bytes(`logs/first/train/${file}`).toString('latin1');
    expect(written.split('update/loss')).toHaveLength(1 + 6); // of 16 updates: 1, 4, … 16
    expect(written.split('epoch/accuracy')).toHaveLength(1 + 4);
  });

  test('a folder for TensorBoard that cannot be, and a distance without a folder', async () => {
    const world = new World({ ...data, logs: 'a file' });
    const { code, stderr } = await world.run(`train taste.tsv ${fast} --tensorboard logs`);
    expect(code).toBe(1);
    expect(stderr).toContain('error EVENTS_WRITE_FAILED:');
    expect(await world.run(`train taste.tsv ${fast} --tensorboard-every 3`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('FLAG_INVALID: --tensorboard-every needs a folder.'),
    });
    expect((await world.run(`train taste.tsv ${fast} --tensorboard x --tensorboard-every 0`)).code).toBe(2);
  });

  test('evaluate measures the held-out split, as a table and as JSON', async () => {
    const world = await trained();
    const table = await world.run('evaluate model taste.tsv');
    expect(table.code).toBe(0);
    expect(table.stdout).toMatch(/^examples {5}16\naccuracy {5}100\.0% \(always/);
    expect(table.stdout).toContain('true \\ answered  negative    positive');
    const json = JSON.parse((await world.run('evaluate model taste.tsv --json --quiet')).stdout);
    expect(json).toMatchObject({
      examples: 16,
      accuracy: 1,
      confusion: [
        [8, 0],
        [0, 8],
      ],
    });
    const training = JSON.parse((await world.run('evaluate model taste.tsv --split train --json')).stdout);
    expect(training.examples).toBe(40);
  });

  test('evaluate can shuffle the steps of each example, by a seed', async () => {
    const world = await trained();
    const measure = async (flags: string) =>
      JSON.parse((await world.run(`evaluate model taste.tsv --json ${flags}`)).stdout) as { readonly loss: number };
    const plain = await measure('');
    const shuffled = await measure('--shuffle-steps 1');
    expect(shuffled.loss).not.toBe(plain.loss);
    expect(await measure('--shuffle-steps 1')).toEqual(shuffled);
    expect((await measure('--shuffle-steps 2')).loss).not.toBe(shuffled.loss);
    const { code, stderr } = await world.run('evaluate model taste.tsv --shuffle-steps -1');
    expect(code).toBe(2);
    expect(stderr).toContain('--shuffle-steps');
  });

  test('predict labels texts, files and stdin in their order', async () => {
    const world = await trained();
    const texts = await world.run(['predict', 'model', 'the film is superb', 'a mess']);
    const answers = texts.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ text, label }) => [text, label])).toEqual([
      ['the film is superb', 'positive'],
      ['a mess', 'negative'],
    ]);
    expect(answers[0].probabilities.positive).toBe(answers[0].probability);
    const csv = await world.run('predict model --format csv', { input: 'superb, "superb"\r\nawful\n' });
    const [header, first, second] = csv.stdout.split('\n');
    expect(header).toBe('text,label,probability,probability of negative,probability of positive');
    expect(first).toMatch(/^"superb, ""superb""",positive,0\.\d+,/);
    expect(second).toMatch(/^awful,negative,/);
    const file = await world.run('predict model taste.tsv --split heldout');
    expect(file.stdout.trimEnd().split('\n')).toHaveLength(16);
  });

  test('a threshold of one’s own', async () => {
    const world = await trained();
    const { stdout } = await world.run('predict model --threshold 0.999999 --text superb');
    expect(JSON.parse(stdout)).toMatchObject({ label: 'negative' });
    expect((await world.run('predict model --threshold 7 --text superb')).code).toBe(2);
  });

  test('summary of the model, of flags with data, and of flags alone', async () => {
    const world = await trained();
    const saved = await world.run('summary model');
    expect(saved.stdout).toMatch(/Wxi 6×8 {2}Whi 6×6 {2}bi 6 +90\n/);
    expect(saved.stdout).toMatch(/layers\.0 +lstm +360\n +i .*\n +f .*\n +g .*\n +o /);
    const json = JSON.parse((await world.run('summary taste.tsv --layers 2 --direction both --json')).stdout);
    expect(json.parts.map(({ name, count }: { name: string; count: number }) => [name, count])).toEqual([
      ['input', json.parts[0].count],
      ['layers.0.forward', 360],
      ['layers.0.backward', 360],
      ['layers.1.forward', 4 * 6 * (12 + 6 + 1)],
      ['layers.1.backward', 4 * 6 * (12 + 6 + 1)],
      ['output', 2 * 12 + 2],
    ]);
    const alone = await world.run('summary --vocabulary 50 --vectorizer one-hot --cell vanilla');
    expect(alone.stdout).toContain('input: one of 52 numbers at each step');
    expect(alone.stdout).toMatch(/zh +Wxh 6×52 {2}Whh 6×6 {2}bh 6 +354\n/);
    expect((await world.run('summary model --units 3')).code).toBe(2);
  });

  test('summary of the memory that a training step takes', async () => {
    const world = new World(data);
    const line = 'summary --vocabulary 50 --cell lstm --units 8 --backend wasm --threads 1 --batch-size 8 --steps 4000';
    const training = async (more: string) => JSON.parse((await world.run(`${line} ${more} --json`)).stdout).training;
    const whole = await training('');
    const bounded = await training('--memory 1MB');
    expect(whole).toMatchObject({ batchSize: 8, steps: 4000, recomputedSteps: 0 });
    expect(bounded.bytes.activations).toBe(whole.bytes.activations);
    expect(bounded.bytes.peak).toBeLessThan(whole.bytes.peak - whole.bytes.activations + 1.2e6);
    expect((await world.run(`${line} --memory 1MB`)).stdout).toMatch(
      /a training step of 8 texts of 4,000 tokens: [\d.]+ MiB of memory; [\d,]+ steps computed once more/,
    );
    const both = await world.run(`${line} --memory 1MB --direction both`);
    expect([both.code, both.stderr]).toEqual([1, expect.stringContaining('Layer 0 (lstm) runs backward')]);
    expect(both.stderr).not.toContain('Assumed');
  });

  test('summary says which length of texts it assumes, and takes that of the data', async () => {
    const world = new World(data);
    const line = '--cell lstm --backend wasm --threads 1 --direction both';
    const alone = await world.run(`summary ${line}`);
    expect(alone.stdout).toContain('a training step of 32 texts of 200 tokens');
    expect(alone.stdout).toContain('assumed: texts of up to 200 tokens (--steps N, or name the data)');
    const refused = await world.run(`summary ${line} --memory 1MB`);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /MEMORY_BUDGET: .*up to 200 steps.*\. Assumed: texts of up to 200 tokens \(--steps N/,
    );
    expect(refused.stderr).toMatch(/\nRaise --memory or lower --batch-size/);
    // `the film is warm and witty, take 6` is the longest.
    expect((await world.run(`summary taste.tsv ${line}`)).stdout).toContain('a training step of 32 texts of 8 tokens');
  });

  test('a bound on memory that training would not keep is refused before the first update', async () => {
    const world = new World(data);
    const line = `train taste.tsv ${fast} --backend wasm --threads 1 --direction both`;
    const { code, stdout, stderr } = await world.run(`${line} --memory 4KB`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/error MEMORY_BUDGET: .*\nRaise --memory or lower --batch-size/);
    expect(world.list()).toEqual(['taste.tsv']);
  });

  test('settings of the backend reach it, and are kept with the model', async () => {
    const world = new World(data);
    expect((await world.run(`train taste.tsv ${fast} --backend wasm --threads 1`)).stderr).toContain('on wasm');
    const { backend } = JSON.parse(world.bytes('model/manifest.json').toString());
    expect(backend).toMatchObject({ use: 'wasm', settings: { threads: 1 } });
    expect((await world.run('evaluate model taste.tsv --threads 2')).code).toBe(0);
    for (const line of ['evaluate model taste.tsv', `train taste.tsv ${fast} --backend wasm --out other`]) {
      const { code, stderr } = await world.run(`${line} --threads 1000`);
      expect([code, stderr]).toEqual([1, expect.stringContaining('1000 threads were asked for')]);
    }
    const little = await world.run('evaluate model taste.tsv --memory some');
    expect([little.code, little.stderr]).toEqual([2, expect.stringContaining('--memory must be a text such as 64MB')]);
  });

  test('--json is one JSON object a line, from epochs to the end', async () => {
    const world = new World(data);
    const { stdout } = await world.run(`train taste.tsv ${fast} --json`);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(['epoch', 'epoch', 'epoch', 'epoch', 'end']);
    expect(events.at(-1)).toMatchObject({ stopped: 'finished', updates: 20, model: 'model' });
    expect(events.at(-1).report.labels).toEqual({ negative: 20, positive: 20 });
  });

  test('--quiet says nothing', async () => {
    const world = new World(data);
    expect(await world.run(`train taste.tsv ${fast} --quiet`)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('a bar on a terminal, taken away before each line', async () => {
    const world = new World(data);
    const { stdout, stderr } = await world.run(`train taste.tsv ${fast}`, { stderrIsTerminal: true });
    expect(stderr).toContain('\r\x1b[2Kepoch 1/4  ');
    expect(stderr.endsWith('\r\x1b[2K')).toBe(true);
    expect(stdout).not.toContain('\x1b');
  });

  test('the same seed gives the same weights; another does not', async () => {
    const [a, b, c] = [new World(data), new World(data), new World(data)];
    await a.run(`train taste.tsv ${fast}`);
    await b.run(`train taste.tsv ${fast} --out other`);
    await c.run(`train taste.tsv ${fast.replace('--seed 3', '--seed 4')}`);
    const weights = 'model/weights.safetensors';
    expect(a.bytes(weights)).toEqual(b.bytes('other/weights.safetensors'));
    expect(a.bytes(weights)).not.toEqual(c.bytes(weights));
  });

  test('validation by a split or a file, early stopping, calibration, class weights, a tuned threshold', async () => {
    const world = new World({
      'all.tsv': tasteTable(60, (row) => (row < 40 ? 'train' : 'dev')),
      'dev.csv': tasteTable(20).replaceAll(', ', ' ').replaceAll('\t', ','),
    });
    const line = `${fast} --early-stopping 1 --monitor accuracy --calibrate --threshold f1 --class-weights negative=1,positive=2 --maximum-length 5`;
    const bySplit = await world.run(`train all.tsv ${line} --validation dev --json`);
    expect(bySplit.code).toBe(0);
    const end = JSON.parse(bySplit.stdout.trimEnd().split('\n').at(-1) as string);
    expect(end.report.validation.examples).toBe(20);
    expect(end.threshold).toBeGreaterThan(0);
    expect(end.temperature).not.toBe(1);
    expect(end.report.training.truncated).toBeGreaterThan(0);
    const byFile = await world.run(`train all.tsv ${line} --validation dev.csv --out other`);
    expect(byFile.stdout).toContain('validation part: 20 examples');
  });
});

describe('what is measured on while it learns', () => {
  const split = {
    'bare.tsv': tasteTable(20),
    'split.tsv': tasteTable(30, (row) => (row < 20 ? 'train' : 'heldout')),
  };
  const refusals: [string, number, string][] = [
    [
      'bare.tsv --validation nofile',
      1,
      'SPLIT_MISSING: bare.tsv has no splits, so none is called "nofile".\nGive a share',
    ],
    ['bare.tsv --validation bar.tsv', 1, 'FILE_MISSING: There is no file bar.tsv.\nDid you mean bare.tsv?'],
    ['bare.tsv --validation train', 1, 'SPLIT_MISSING: bare.tsv has no splits, so none is called "train".'],
    ['bare.tsv --validation ./bare.tsv', 2, 'FLAG_INVALID: --validation ./bare.tsv is what is learned from'],
    ['split.tsv --validation train', 2, 'FLAG_INVALID: --validation train is what is learned from'],
    ['split.tsv --split heldout --validation heldout', 2, 'FLAG_INVALID: --validation heldout is what is learned from'],
    ['split.tsv --validation heldot', 1, 'SPLIT_MISSING: split.tsv has no rows of split heldot; it has "train" (20)'],
    ['corpus.txt --task language-model --validation nofile', 1, 'SPLIT_MISSING: corpus.txt has no splits'],
    ['tags.conll --task many-to-many --validation train', 1, 'SPLIT_MISSING: tags.conll has no splits'],
    ['rated.csv --task regression --validation test', 1, 'SPLIT_MISSING: rated.csv has no splits'],
  ];

  test.each(refusals)('train %s', async (line, code, message) => {
    const world = new World({
      ...split,
      'corpus.txt': 'a b\nb a\n',
      'tags.conll': 'a\tX\n\nb\tY\n',
      'rated.csv': 'text,number\na,1\nb,2\n',
    });
    const before = world.list();
    const outcome = await world.run(`train ${line}`);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(message);
    if (line.endsWith('heldot')) expect(outcome.stderr).toContain('Did you mean --validation heldout?');
    expect(world.list()).toEqual(before);
  });
});

describe('interruption', () => {
  test('Ctrl-C stops after the step, saves, and --resume ends in the same weights', async () => {
    const whole = new World(data);
    await whole.run(`train taste.tsv ${fast}`);

    const world = new World(data);
    const controller = new AbortController();
    const stopped = await world.run(`train taste.tsv ${fast}`, {
      signal: controller.signal,
      onWrite: (text) => text.startsWith('epoch 2/') && controller.abort(),
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('Stopping after this step, then saving');
    expect(stopped.stderr).toContain('Add --resume to the same line to go on.');
    expect(stopped.stdout).toContain('stopped before its end');
    expect(world.list()).toEqual(['model', 'model.checkpoint', 'taste.tsv']);
    expect((await world.run('evaluate model taste.tsv')).code).toBe(0);

    const again = await world.run(`train taste.tsv ${fast}`);
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toMatch(
      /CHECKPOINT_EXISTS: model\.checkpoint .*\nAdd --resume .* or --no-resume to forget it/,
    );

    const resumed = await world.run(`train taste.tsv ${fast} --resume`);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toContain('resumed after update');
    expect(world.bytes('model/weights.safetensors')).toEqual(whole.bytes('model/weights.safetensors'));
    expect(world.list()).toEqual(['model', 'taste.tsv']);
  });

  test('before anything was learned nothing is saved', async () => {
    const world = new World(data);
    const { code, stderr } = await world.run(`train taste.tsv ${fast}`, { signal: AbortSignal.abort() });
    expect(code).toBe(130);
    expect(stderr).toContain('Stopped before the first update; nothing was saved.');
    expect(stderr).not.toContain('--resume');
    expect(world.list()).toEqual(['taste.tsv']);
  });

  test('a finished model learns on with more epochs, and is not replaced without a word', async () => {
    const [world, whole] = [await trained(), new World(data)];
    const { code, stderr } = await world.run(`train taste.tsv ${fast.replace('4', '6')} --resume`);
    expect(code).toBe(0);
    await whole.run(`train taste.tsv ${fast.replace('4', '6')}`);
    expect(world.bytes('model/weights.safetensors')).toEqual(whole.bytes('model/weights.safetensors'));
    expect(stderr).not.toContain('replaced');
    const again = await world.run('train taste.tsv --epochs 1');
    expect(again.stderr).toMatch(/^model holds a model saved \d{4}-\d\d-\d\d \d\d:\d\d UTC: it will be replaced\./m);
    expect(again.code).toBe(0);
  });

  test('--resume with other settings says what differs; with nothing there it starts afresh', async () => {
    const world = await trained();
    const other = await world.run(`train taste.tsv ${fast} --resume --units 7`);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('error CHECKPOINT_MISMATCH');
    const fresh = await world.run(`train taste.tsv ${fast} --resume --out new`);
    expect(fresh.code).toBe(0);
    expect(fresh.stderr).toContain('There is no checkpoint in new yet');
  });
});

describe('bad input', () => {
  const csv = (rows: string) => ({ 'a.csv': `text,label\n${rows}` });

  test.each([
    ['an empty text', csv('good,p\n  ,n\n'), 'train a.csv', 'error EXAMPLE_EMPTY: ', 'a.csv:3'],
    ['no rows', csv(''), 'train a.csv', 'error DATA_EMPTY: ', ''],
    ['one class only', csv('good,p\nfine,p\n'), 'train a.csv', 'error DATA_ONE_CLASS: ', '"p"'],
    ['a label never seen', csv('good,p\nbad,n\n'), 'train a.csv --labels p,q', 'error LABEL_UNKNOWN: ', 'a.csv:3'],
    ['a row cut short', csv('good,p\nbad\n'), 'train a.csv', 'error ROW_INVALID: ', 'a.csv:3'],
    ['a missing file', {}, 'train a.csv', 'error FILE_MISSING: ', 'a.csv'],
    ['a split that is not there', csv('a,b\n'), 'train a.csv --split train', 'error SPLIT_MISSING: ', 'has no splits'],
    ['a model that is not there', csv('a,b\n'), 'evaluate model a.csv', 'error MODEL_NOT_FOUND: ', 'model'],
    [
      'a folder that is no model',
      { ...csv('a,b\n'), 'model/x': '' },
      'train a.csv',
      'error MODEL_PATH_OCCUPIED: ',
      '"x"',
    ],
  ])('%s', async (_, files, line, code, place) => {
    const world = new World(files);
    const before = world.list();
    const outcome = await world.run(line);
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toBe('');
    const at = outcome.stderr.indexOf(code);
    expect(outcome.stderr).toContain(code);
    expect(outcome.stderr.slice(at)).toContain(place);
    expect(outcome.stderr.slice(at).trimEnd().split('\n').length).toBeGreaterThan(1); // how to mend it
    expect(outcome.stderr).not.toContain('    at ');
    expect(world.list()).toEqual(before);
  });

  test.each(['taste.tsv/model', 'taste.tsv/deep/model', ...(process.platform === 'linux' ? ['/proc/model'] : [])])(
    'a place that can not be written is found before training: %s',
    async (place) => {
      const world = new World(data);
      const { code, stdout, stderr } = await world.run(['train', 'taste.tsv', '--out', place]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain(`error MODEL_WRITE_FAILED: No model can be written to ${place}: `);
      expect(stderr).toContain('Name a folder where you may write, for example --out model.');
      expect(world.list()).toEqual(['taste.tsv']);
    },
  );

  test('empty texts can be left out', async () => {
    const world = new World({ 'a.tsv': `${tasteTable(20)}   \tnegative\n` });
    const { code, stdout } = await world.run(`train a.tsv ${fast} --skip-empty`);
    expect(code).toBe(0);
    expect(stdout).toContain('1 empty text left out');
    const measured = await world.run('evaluate model a.tsv --skip-empty');
    expect(measured.stdout).toContain('20 (1 empty ones left out)');
    const predicted = await world.run('predict model a.tsv --skip-empty');
    expect(predicted.stdout.trimEnd().split('\n')).toHaveLength(20);
    expect(predicted.stderr).toContain('1 empty text left out');
    expect((await world.run('predict model a.tsv')).stderr).toContain('error EXAMPLE_EMPTY: ');
  });

  test('a loss that is no number stops at its step and keeps the last checkpoint', async () => {
    const world = new World(data);
    const { code, stderr } = await world.run(
      `train taste.tsv ${fast} --optimizer sgd --learning-rate 1e300 --checkpoint-every 1`,
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/error TRAINING_DIVERGED: .* in epoch 1, batch \d/);
    expect(world.has('model')).toBe(false);
  });

  test('a mistake is mended by flags, not by settings of functions', async () => {
    const world = await trained();
    expect((await world.run(['predict', 'model', ''])).stderr).toContain(
      'error EXAMPLE_EMPTY: argument 1 has an empty or all-whitespace text.\nFill it in, or leave such texts out with --skip-empty.',
    );
    expect((await world.run('predict nothing text')).stderr).toContain('Give the folder that train wrote, its --out.');
  });

  test.each([2, 600])('a disk that is full after %i writes of results is an error, not a crash', async (room) => {
    const world = await trained();
    let left = room;
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => {
        left -= 1;
        done(left < 0 ? Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }) : null);
      },
    });
    const { code, stderr } = await world.run('predict model taste.tsv', { stdout });
    expect([code, stderr.includes('error OUTPUT_FAILED: The results could not all be written: ENOSPC')]).toEqual(
      room < 56 ? [1, true] : [0, false],
    );
  });

  test('a damaged model names the file', async () => {
    const world = await trained();
    const damaged = new World({
      'model/manifest.json': world.bytes('model/manifest.json'),
      'model/vocabulary.json': world.bytes('model/vocabulary.json'),
      'model/weights.safetensors': world.bytes('model/weights.safetensors').fill(1, 400, 410),
    });
    const { code, stderr } = await damaged.run(['predict', 'model', 'a text']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error MODEL_CORRUPT: weights\.safetensors/);
  });

  test('a word that ends like a file but is none is not taken for a text', async () => {
    const world = await trained();
    const { code, stderr } = await world.run('predict model reviews.csv');
    expect(code).toBe(1);
    expect(stderr).toContain('error FILE_MISSING: There is no file reviews.csv.');
  });

  test('nothing to predict at a terminal is a mistake in the line', async () => {
    const world = await trained();
    expect((await world.run('predict model', { stdinIsTerminal: true })).code).toBe(2);
  });
});
