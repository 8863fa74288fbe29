// The registry as a value: what it refuses to register, what it finds, and what it makes of manifests that fit.
import { createRegistry, data, defineOptions, defineTokenizer, type Plugin, UnrolledError } from '@unrolled/core';
import { describe, expect, it } from 'vitest';
import { fitting, generating, without } from './cases.ts';
import { bptt, exact, leaky, manyToOne, oneHot, samples, single, vanilla, words } from './samples.ts';

/** The code of the error that `run` throws. */
function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UnrolledError) return error.code;
    throw error;
  }
  return 'none';
}

describe('createRegistry', () => {
  it('refuses a second plug-in of one kind and name, naming both packages', () => {
    const other = { ...words, package: '@other/words' };
    const twice = () => createRegistry([words, vanilla, other]);
    expect(codeOf(twice)).toBe('PLUGIN_DUPLICATE');
    expect(twice).toThrow('tokenizer "words" is registered twice: by @sample/plug-ins and by @other/words.');
  });

  it('keeps plug-ins of two kinds under one name', () => {
    const { package: home, options, create } = words;
    const tokenizer = defineTokenizer({ name: 'vanilla', package: home, options, create });
    expect(createRegistry([tokenizer, vanilla]).find('cell', 'vanilla')).toBe(vanilla);
  });

  it('refuses a plug-in of another contract, naming its package', () => {
    const newer = { ...words, contract: 2 } as unknown as Plugin;
    expect(codeOf(() => createRegistry([newer]))).toBe('CONTRACT_MISMATCH');
    expect(() => createRegistry([newer])).toThrow(
      'tokenizer "words" of @sample/plug-ins is written against contract 2, but this registry has contract 1.',
    );
  });

  it.each([
    [undefined],
    [null],
    [{}],
    ['words'],
    [{ kind: 'tokenizer', name: 'words' }],
    [{ ...words, kind: 'tokeniser' }],
    [{ ...words, options: undefined }],
  ])('refuses %j, which is no plug-in', (given) => {
    expect(codeOf(() => createRegistry([vanilla, given as unknown as Plugin]))).toBe('PLUGIN_INVALID');
  });

  it('keeps its own list', () => {
    const list: Plugin[] = [words];
    const registry = createRegistry(list);
    list.push(vanilla);
    expect(registry.plugins).toEqual([words]);
  });

  it('finds a plug-in by kind and name', () => {
    expect(samples.find('cell', 'leaky')).toBe(leaky);
    expect(samples.find('task', 'leaky')).toBeUndefined();
  });

  it('makes a new registry with more plug-ins', () => {
    const few = createRegistry([words]);
    const more = few.with([vanilla]);
    expect(few.plugins).toEqual([words]);
    expect(more.plugins).toEqual([words, vanilla]);
    expect(codeOf(() => more.with([vanilla]))).toBe('PLUGIN_DUPLICATE');
  });
});

describe('resolve', () => {
  it('looks names up and fills options in', () => {
    const resolved = samples.resolve(fitting);
    expect(resolved.tokenizer).toEqual({ plugin: words, options: { lowercase: true } });
    expect(resolved.vectorizer).toEqual({ plugin: oneHot, options: { maximumSize: 1000 } });
    expect(resolved.labels).toEqual([
      { stored: 'negative', shown: 'negative' },
      { stored: 'positive', shown: 'positive' },
    ]);
    expect(resolved.layers).toEqual([
      { plugin: vanilla, options: { units: 8 }, direction: 'both', dropout: { input: 0.5 }, residual: false },
    ]);
    expect(resolved.task).toEqual({ plugin: manyToOne, options: {} });
    expect(resolved.loss?.plugin.name).toBe('categorical-cross-entropy');
    expect(resolved.losses.map(({ name }) => name)).toEqual([
      'categorical-cross-entropy',
      'binary-cross-entropy',
      'squared-error',
    ]);
    expect(resolved.optimizer?.options).toEqual({ learningRate: 0.1 });
    expect(resolved.optimizer?.clip).toEqual({ norm: 1 });
    expect(resolved.trainer).toEqual({ plugin: bptt, options: {} });
    expect(resolved.backend).toEqual({ plugin: exact, options: { checks: true }, settings: { precision: 'float64' } });
  });

  it('needs no target, loss, optimizer or trainer', () => {
    const { input, task } = fitting;
    const resolved = samples.resolve({ input, layers: [{ use: 'leaky' }], task, backend: { use: 'single' } });
    expect(resolved.labels).toBeUndefined();
    expect(resolved.loss).toBeUndefined();
    expect(resolved.optimizer).toBeUndefined();
    expect(resolved.trainer).toBeUndefined();
    expect(resolved.layers[0]?.direction).toBe('forward');
    expect(resolved.backend).toEqual({ plugin: single, options: {}, settings: {} });
  });

  it('renames stored labels in the order of the manifest', () => {
    const labels = { no: 'negative', yes: 'positive' };
    expect(samples.resolve({ ...fitting, target: { labels } }).labels).toEqual([
      { stored: 'no', shown: 'negative' },
      { stored: 'yes', shown: 'positive' },
    ]);
  });

  it('keeps the manifest as it was given, with both versions', () => {
    const { manifest } = samples.resolve(fitting);
    expect(manifest).toEqual({ format: 1, language: 1, ...fitting });
    expect(samples.resolve(JSON.parse(JSON.stringify(manifest))).manifest).toEqual(manifest);
  });

  it('keeps a copy, so that later changes of what was given change nothing', () => {
    const given = JSON.parse(JSON.stringify(fitting));
    const { manifest } = samples.resolve(given);
    given.layers[0].use = 'lstm';
    expect(manifest.layers).toEqual(fitting.layers);
  });

  it('takes a member that is undefined for one left out', () => {
    expect(samples.resolve({ ...fitting, loss: undefined }).manifest).toEqual({
      format: 1,
      language: 1,
      ...without(fitting, 'loss'),
    });
  });

  it('lets a trainer check its options', () => {
    const layers = [{ use: 'vanilla' }];
    const trainer = { use: 'truncated-bptt', with: { every: 20, window: 10 } };
    expect(codeOf(() => samples.resolve({ ...fitting, layers, trainer }))).toBe('WINDOW_SMALL');
  });
});

describe('manifest', () => {
  it('checks when it runs what the types could not', () => {
    const clip = { norm: -1 };
    expect(codeOf(() => samples.manifest({ ...typed, optimizer: { use: 'sgd', clip } }))).toBe('MANIFEST_INVALID');
  });

  it('gives plain data back', () => {
    expect(samples.manifest(typed)).toEqual({ format: 1, language: 1, ...typed });
  });
});

const typed = {
  input: { tokenizer: { use: 'words' }, vectorizer: { use: 'one-hot' } },
  layers: [{ use: 'vanilla' }],
  task: { use: 'many-to-one' },
  backend: { use: 'single' },
} as const;

describe('a mistake', () => {
  /** Code and message of what `manifest` throws. */
  const mistake = (manifest: unknown): string => {
    try {
      samples.resolve(manifest);
    } catch (error) {
      if (error instanceof UnrolledError) return `${error.code}: ${error.message}`;
      throw error;
    }
    return 'none';
  };
  const layer = (value: unknown) => mistake({ ...fitting, layers: [value] });

  it.each([
    [null, 'null'],
    [[], 'an array of 0'],
    ['lstm', '"lstm"'],
    [undefined, 'undefined'],
  ])('names %j, which is no manifest', (given, shown) => {
    expect(mistake(given)).toContain(`MANIFEST_INVALID: A manifest must be an object with format, language, input,`);
    expect(mistake(given)).toContain(`but ${shown} was given.`);
  });

  it('names an unknown key and the nearest one', () => {
    expect(mistake({ ...fitting, optimiser: { use: 'sgd' } })).toBe(
      'MANIFEST_INVALID: "optimiser" is not a key of a manifest. Did you mean "optimizer"? Its keys are format, ' +
        'language, input, target, layers, encoder, decoder, attention, task, loss, optimizer, trainer, backend.',
    );
    expect(layer({ use: 'vanilla', drop: 1 })).toBe(
      'MANIFEST_INVALID: "drop" is not a key of layers[0]. Its keys are use, with, direction, dropout, residual.',
    );
    expect(mistake(JSON.parse('{ "__proto__": 1 }'))).toContain('"__proto__" is not a key of a manifest.');
  });

  it('names a part that is missing', () => {
    expect(mistake(without(fitting, 'task'))).toBe('MANIFEST_INVALID: The manifest has no task. Add task.');
    expect(mistake({ ...fitting, input: {} })).toContain('The manifest has no input.vectorizer.');
    expect(mistake({ ...generating, decoder: {} })).toContain('The manifest has no decoder.layers.');
  });

  it('lists what is registered for an unknown name, the nearest first', () => {
    expect(layer({ use: 'vanila' })).toBe(
      'PLUGIN_UNKNOWN: layers[0].use: no cell "vanila" is registered. Did you mean "vanilla"? Registered: vanilla, leaky.',
    );
    expect(layer({ use: 'transformer' })).toBe(
      'PLUGIN_UNKNOWN: layers[0].use: no cell "transformer" is registered. Registered: vanilla, leaky.',
    );
    expect(layer({ use: 'one-hot' })).toContain('"one-hot" is a vectorizer. Registered: vanilla, leaky.');
  });

  it('names a wrong option with its place and its owner', () => {
    expect(layer({ use: 'leaky', with: { leak: 2 } })).toBe(
      'OPTION_INVALID: layers[0].with of cell "leaky": option "leak" must be a number from 0 to 1, but 2 was given. Correct that, or leave it out for the default.',
    );
    expect(layer({ use: 'vanilla', with: { unit: 2 } })).toContain('option "unit" is not known; options are units.');
  });

  it.each<[string, unknown, string]>([
    [
      'a slot that is a name only',
      { task: 'many-to-one' },
      'task must be an object like { "use": "many-to-one" }, but',
    ],
    ['a slot without a name', { task: { with: {} } }, 'task.use must be the name of a task, but undefined was given.'],
    ['layers that are no array', { layers: {} }, 'layers must be an array of layers, but an object was given.'],
    [
      'a wrong direction',
      { layers: [{ use: 'vanilla', direction: 'backwards' }] },
      'layers[0].direction must be one of forward, backward, both, but "backwards" was given. Did you mean "backward"?',
    ],
    [
      'a wrong rate',
      { layers: [{ use: 'vanilla', dropout: { output: 1 } }] },
      'layers[0].dropout.output must be a rate of at least 0 and below 1, but 1 was given.',
    ],
    ['a wrong residual', { layers: [{ use: 'vanilla', residual: 1 }] }, 'layers[0].residual must be true or false'],
    [
      'a wrong bound',
      { optimizer: { use: 'sgd', clip: { value: 0 } } },
      'optimizer.clip.value must be a number greater',
    ],
    ['no labels', { target: { labels: 2 } }, 'target.labels must be an array of labels, or an object from stored'],
    ['a label that is no text', { target: { labels: ['a', 1] } }, 'target.labels must be made of texts that are not'],
    ['a label twice', { target: { labels: ['a', 'a'] } }, 'target.labels names "a" twice.'],
    ['a wrong precision', { backend: { use: 'exact', precision: 'float16' } }, 'backend.precision must be one of'],
    [
      'half a thread',
      { backend: { use: 'exact', threads: 0.5 } },
      'backend.threads must be a whole number of at least 1',
    ],
    ['no memory', { backend: { use: 'exact', memory: '' } }, 'backend.memory must be a text such as 64MB, 64MiB'],
    [
      'no amount of memory',
      { backend: { use: 'exact', memory: 'lots' } },
      'backend.memory must be a text such as 64MB, 64MiB, 1.5GB or 65536 (bytes), but "lots" was given.',
    ],
    ['a format that is no number', { format: 'one' }, 'format must be 1, but "one" was given.'],
  ])('is said of %s', (_, change, message) => {
    expect(mistake({ ...fitting, ...(change as object) })).toContain(`MANIFEST_INVALID: ${message}`);
  });

  it('tells a newer format from a wrong one', () => {
    expect(mistake({ ...fitting, format: 2 })).toBe(
      'MANIFEST_NEWER: The manifest has format 2, but these packages read format 1. Update the @unrolled packages.',
    );
    expect(mistake({ ...fitting, language: 2 })).toContain('LANGUAGE_NEWER: The manifest has language 2');
    expect(mistake({ ...fitting, language: 0 })).toBe(
      'MANIFEST_INVALID: language must be 1, but 0 was given. Correct it in the manifest.',
    );
  });

  it('says every misfit with its place and how to mend it', () => {
    const input = { tokenizer: { use: 'words' }, vectorizer: { use: 'bag-of-words' } };
    expect(mistake({ ...fitting, input, trainer: { use: 'truncated-bptt' } })).toBe(
      [
        'MANIFEST_MISFIT: layers[0].use: ✗ cell "vanilla" accepts steps, but vectorizer "bag-of-words" emits a bag.',
        'layers[0].direction: ✗ direction "both" needs the whole sequence, but trainer "truncated-bptt" sees a window of it. ' +
          'Name a vectorizer that emits steps: "one-hot", "numeric". ' +
          'Let the layer run forward, or name a trainer that sees whole sequences: "bptt".',
      ].join('\n'),
    );
  });

  it('is said of data that JSON cannot hold, however deep', () => {
    const options = defineOptions<{ words: unknown }>({ words: data(null as unknown, 'Any data.', () => undefined) });
    const create = () => words.create({ lowercase: false });
    const listed = defineTokenizer({ name: 'listed', package: '@sample/listed', options, create });
    const registry = createRegistry([...samples.plugins, listed]);
    const resolve = (given: unknown) => () => {
      const tokenizer = { use: 'listed', with: { words: given } };
      return registry.resolve({ ...fitting, input: { ...fitting.input, tokenizer } });
    };
    const round: Record<string, unknown> = {};
    round.self = round;
    expect(resolve([{ a: null }])().tokenizer?.options).toEqual({ words: [{ a: null }] });
    expect(resolve([() => {}])).toThrow('input.tokenizer.with.words[0] must be a value that JSON can hold, but');
    expect(resolve({ a: Number.NaN })).toThrow(
      'input.tokenizer.with.words.a must be a value that JSON can hold, but NaN',
    );
    expect(resolve(round)).toThrow('is nested more than 64 deep.');
    expect(codeOf(resolve(round))).toBe('MANIFEST_INVALID');
  });
});
