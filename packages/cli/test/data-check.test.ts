// data check: what it finds in data with every kind of trouble, and that it finds nothing in good data.
import { describe, expect, test } from 'vitest';
import { normalise } from '../src/check/parts.ts';
import { tasteTable, World } from './world.ts';

const troubled = [
  'text\tlabel\tsplit',
  'A fine film.\tpos\ttrain', // 2
  'a fine  film\tpos\ttrain', // 3 repeats 2
  'a fine film!\tneg\ttrain', // 4 conflicts with 2
  'dull, dull\tneg\ttrain', // 5
  '\tneg\ttrain', // 6 empty
  '...\tneg \ttrain', // 7 without tokens, label with a space
  'DULL DULL\tneg\ttest', // 8 is also 5
  'new words here\todd\ttest', // 9 unseen label
].join('\n');

test('texts are compared by their letters and digits', () => {
  expect(normalise('  Don’t—STOP!  ')).toBe('don t stop');
  expect(normalise('Ａ１ café')).toBe(normalise('a1 CAFE\u0301'));
  expect(normalise(' :-)  ')).toBe(':-)');
});

describe('data check', () => {
  test('finds every trouble, with its line', async () => {
    const world = new World({ 'a.tsv': troubled });
    const { code, stdout } = await world.run('data check a.tsv --json');
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    const [training, held] = report.parts;
    expect(training).toMatchObject({
      name: 'train',
      examples: 6,
      labels: { neg: 3, 'neg ': 1, pos: 2 },
      empty: { count: 1, first: ['a.tsv:6'] },
      withoutTokens: { count: 1, first: ['a.tsv:7'] },
      duplicates: { count: 1, first: ['a.tsv:3 repeats a.tsv:2'] },
      conflicts: { count: 1, first: ['a.tsv:4 is neg, a.tsv:2 is pos'] },
      lengths: { minimum: 0, median: 2, maximum: 3 },
    });
    expect(held).toMatchObject({
      name: 'test',
      overlap: { count: 1, first: ['a.tsv:8 is also a.tsv:5'] },
      unseenLabels: ['odd'],
      unknown: { tokens: 5, unknown: 3, rate: 0.6 },
    });
    expect(report.problems).toEqual([
      'train: 1 text is empty (a.tsv:6)',
      'test: the label odd does not occur in the training part',
    ]);
    expect(report.warnings).toHaveLength(5);
    expect(report.warnings.join('\n')).toContain('the labels "neg" and "neg " are nearly the same');
  });

  test('draws the same for people', async () => {
    const world = new World({ 'a.tsv': troubled });
    const { stdout } = await world.run('data check a.tsv');
    expect(stdout).toContain('train: 6 examples\n  neg   3  50.0%  ████████████████████\n');
    expect(stdout).toContain('problem: train: 1 text is empty (a.tsv:6)');
    expect(stdout).toContain('warning: test: 1 text is in the training part as well (a.tsv:8 is also a.tsv:5)');
    expect(stdout).toMatch(/test +60\.0% of 5 tokens unknown/);
  });

  test('two files: the first is the training part; good data are said to be good', async () => {
    const world = new World({ 'train.tsv': tasteTable(40), 'test.tsv': tasteTable(48).replaceAll('take', 'cut') });
    const { code, stdout } = await world.run('data check train.tsv test.tsv');
    expect(code).toBe(0);
    expect(stdout).toContain('train.tsv: 40 examples');
    expect(stdout).toContain('No problems found');
  });

  test('one class only is a problem', async () => {
    const world = new World({ 'a.csv': 'text,label\ngood,p\nfine,p\n' });
    const { code, stdout } = await world.run('data check a.csv');
    expect(code).toBe(1);
    expect(stdout).toContain('problem: a.csv: every example has the label p');
  });

  test.each([
    ['tags.conll', 'tags.conll has one for each token'],
    ['tags.conll --task many-to-many', 'this task learns a label for each token'],
    ['corpus.txt --task language-model', 'this task learns the next token'],
    ['pairs.tsv --config pairs.json', 'this task learns a text for each text'],
    ['rated.csv --task regression', 'this task learns numbers'],
  ])('looks at nothing but texts with one label: %s', async (line, why) => {
    const letters = { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding' } };
    const layers = [{ use: 'lstm', with: { units: 2 } }];
    const world = new World({
      'tags.conll': 'a\tX\nb\tY\n',
      'corpus.txt': 'a b\n',
      'pairs.tsv': 'text\ttarget\na\tb\n',
      'rated.csv': 'text,number\na,1\n',
      'pairs.json': JSON.stringify({
        ...{ input: letters, target: letters, encoder: { layers }, decoder: { layers } },
        ...{ task: { use: 'encoder-decoder' }, optimizer: { use: 'adam' }, trainer: { use: 'bptt' } },
        backend: { use: 'reference' },
      }),
    });
    const { code, stdout, stderr } = await world.run(`data check ${line}`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      `NOT_AVAILABLE: data check looks at texts with one label each, but ${why}.\nGive it a table`,
    );
  });
});
