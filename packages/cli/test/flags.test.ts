// Flags: split, checked with suggestions, generated from option schemas, and put into a manifest.
import type { UnrolledError } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import { GENERAL_FLAGS } from '../src/commands/help.ts';
import type { Flag } from '../src/flags/flag.ts';
import { MANIFEST_FLAGS, manifestFromFlags } from '../src/flags/manifest.ts';
import { parseFlags } from '../src/flags/parse.ts';
import { pluginFlags, pluginOptions } from '../src/flags/plugin-flags.ts';
import { RUN_FLAGS, runSettings } from '../src/flags/run-flags.ts';
import { program, registry } from './registry.ts';

const own: readonly Flag[] = [...GENERAL_FLAGS, ...RUN_FLAGS, ...MANIFEST_FLAGS];
const taken = new Set(own.map(({ name }) => name));
const flags = [...own, ...pluginFlags(pluginOptions(registry), taken)];

const split = (line: string) => line.split(' ').filter(Boolean);
const manifest = (line: string, base: unknown = program.manifest) =>
  manifestFromFlags(parseFlags(split(line), flags).values, registry, base, taken);

function failure(act: () => unknown): UnrolledError {
  try {
    act();
  } catch (error) {
    return error as UnrolledError;
  }
  throw new Error('nothing was thrown');
}

describe('splitting', () => {
  test('values, booleans, their negation, arguments and what follows --', () => {
    const { values, positionals } = parseFlags(split('a --epochs 3 --no-color --seed=-1 -q b -- --epochs'), flags);
    expect(values.number('epochs')).toBe(3);
    expect(values.flag('color')).toBe(false);
    expect(values.number('seed')).toBe(-1);
    expect(values.flag('quiet')).toBe(true);
    expect(positionals).toEqual(['a', 'b', '--epochs']);
  });

  test.each([
    ['--epoch 3', 'FLAG_UNKNOWN', 'There is no flag --epoch. Did you mean --epochs?'],
    ['--lr 1', 'FLAG_UNKNOWN', 'There is no flag --lr. Did you mean --learning-rate?'],
    ['--bidirectional', 'FLAG_UNKNOWN', 'Did you mean --direction both?'],
    ['--qqq', 'FLAG_UNKNOWN', 'There is no flag --qqq. Add --help'],
    ['-z', 'FLAG_UNKNOWN', 'There is no flag -z.'],
    ['--no-epochs', 'FLAG_UNKNOWN', 'There is no flag --no-epochs.'],
    ['--epochs', 'FLAG_INVALID', '--epochs needs a value. Write --epochs N.'],
    ['--epochs --seed 1', 'FLAG_INVALID', '--epochs needs a value.'],
    ['--epochs 1 --epochs 2', 'FLAG_INVALID', '--epochs was given twice.'],
    ['--quiet=perhaps', 'FLAG_INVALID', '--quiet must be true or false, but "perhaps" was given.'],
  ])('%s is refused', (line, code, message) => {
    const error = failure(() => parseFlags(split(line), flags));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  test.each([
    ['--epochs 1.5', '--epochs must be a whole number, but "1.5" was given.'],
    ['--epochs 0', '--epochs must be a whole number of at least 1'],
    ['--seed x', '--seed must be a whole number'],
    ['--monitor f1', '--monitor must be one of loss, accuracy, but "f1" was given.'],
    ['--threshold 2', '--threshold must be between 0 and 1'],
    ['--class-weights a', '--class-weights must be balanced, or a weight for each label'],
  ])('%s is refused as a run setting', (line, message) => {
    expect(failure(() => runSettings(parseFlags(split(line), flags).values)).message).toContain(message);
  });

  test('run settings', () => {
    const line =
      '--epochs 3 --batch-size 8 --seed 7 --early-stopping 2 --monitor accuracy --class-weights a=1,b=2.5 --threshold f1 --skip-empty';
    expect(runSettings(parseFlags(split(line), flags).values)).toEqual({
      epochs: 3,
      batchSize: 8,
      seed: 7,
      earlyStopping: { patience: 2, monitor: 'accuracy' },
      classWeights: { a: 1, b: 2.5 },
      threshold: { tune: 'f1' },
      emptyText: 'skip',
    });
    expect(runSettings(parseFlags([], flags).values)).toEqual({});
  });
});

describe('the manifest', () => {
  test('no flags leave it as it is', () => {
    expect(manifest('')).toEqual(program.manifest);
  });

  test('every slot, options by their short and long names', () => {
    const line = `--cell vanilla --units 12 --layers 2 --direction both --vectorizer one-hot --minimum-count 3
      --pool mean --optimizer sgd --learning-rate 0.5 --clip-norm 2 --clip-value 0.1 --trainer bptt --loss categorical-cross-entropy
      --dropout 0.3 --dropout-output 0.1 --task-dropout 0.4 --precision float64 --no-lowercase`.replace(/\s+/g, ' ');
    const made = manifest(line);
    const layer = {
      use: 'vanilla',
      with: { units: 12 },
      direction: 'both',
      dropout: { input: 0.3, output: 0.1 },
    };
    expect(made).toMatchObject({
      input: {
        tokenizer: { use: 'words', with: { lowercase: false } },
        vectorizer: { use: 'one-hot', with: { minimumCount: 3 } },
      },
      layers: [layer, layer],
      task: { use: 'many-to-one', with: { pool: 'mean', dropout: 0.4 } },
      loss: { use: 'categorical-cross-entropy' },
      optimizer: { use: 'sgd', with: { learningRate: 0.5 }, clip: { norm: 2, value: 0.1 } },
      backend: { use: 'reference', precision: 'float64' },
    });
    expect(registry.resolve(made).layers).toHaveLength(2);
  });

  test('how the backend computes', () => {
    expect(manifest('--backend wasm --threads 2 --memory 64MB --numerics fast').backend).toEqual({
      use: 'wasm',
      threads: 2,
      memory: '64MB',
      numerics: 'fast',
    });
    expect(manifest('--cell vanilla').backend).toEqual({ use: 'reference' });
    expect(failure(() => manifest('--numerics slow')).message).toContain('--numerics must be one of exact, fast');
    for (const wrong of [
      '--dropout 2',
      '--clip-norm 0',
      '--units 0',

      '--memory lots',
      '--memory=',
      '--memory 0',
      '--threads 0',
      '--numerics exac',
    ])
      expect(failure(() => manifest(wrong))).toMatchObject({
        code: 'FLAG_INVALID',
        data: { usage: true }, // leaves with exit code 2
        mend: expect.stringMatching(/^(Correct it, or leave --[\w-]+ out|Did you mean --numerics exact\?)/),
      });
    expect(failure(() => manifest('--memory lots')).message).toContain(
      '--memory must be a text such as 64MB, 64MiB, 1.5GB or 65536 (bytes), but "lots" was given.',
    );
  });

  test('another plug-in keeps sizes alone', () => {
    expect(manifest('--cell vanilla').layers).toEqual([
      { use: 'vanilla', with: { units: 6 }, dropout: { input: 0.2 } },
    ]);
    expect(manifest('--optimizer sgd').optimizer).toEqual({ use: 'sgd', clip: { norm: 1 } });
  });

  test('labels in order or renamed', () => {
    expect(manifest('--labels neg,pos').target).toEqual({ labels: ['neg', 'pos'] });
    expect(manifest('--labels 0=neg,1=pos').target).toEqual({ labels: { 0: 'neg', 1: 'pos' } });
    expect(failure(() => manifest('--labels 0=neg,pos')).message).toContain('--labels must be');
  });

  test('without a manifest to start from, the first plug-in of each kind', () => {
    const made = manifest('', null);
    expect(made).toEqual({
      input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding' } },
      layers: [{ use: 'lstm' }],
      task: { use: 'many-to-one' },
      optimizer: { use: 'adam' },
      trainer: { use: 'bptt' },
      backend: { use: 'reference' },
    });
    expect(registry.resolve(made).trainer?.plugin.name).toBe('bptt');
  });

  test.each([
    [
      '--every 5',
      '--every is an option of trainer "truncated-bptt", which is not used here. Add --trainer truncated-bptt',
    ],
    ['--units 0', '--units must be a whole number from 1'],
    ['--units many', '--units must be a whole number, but "many" was given.'],
    ['--pool sum', '--pool must be one of last, mean, max, but "sum" was given.'],
    ['--dropout x', '--dropout must be a number'],
    ['--schedule fast', '--schedule must be an object whose kind'],
  ])('%s is refused in words of the flag', (line, message) => {
    const error = failure(() => manifest(line));
    expect(error.code).toBe('FLAG_INVALID');
    expect(error.message).toContain(message);
  });

  test('an unknown plug-in is the registry’s own error', () => {
    expect(failure(() => registry.resolve(manifest('--cell lstn'))).message).toContain('Did you mean "lstm"?');
  });
});
