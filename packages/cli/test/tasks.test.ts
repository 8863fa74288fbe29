// Labels of tokens, the next token and bags from the command line: from files to answers, and text as it is generated.
import type { Model, PredictSettings } from '@unrolled/core';
import { loadFolder } from '@unrolled/core/node';
import { describe, expect, test } from 'vitest';
import { registry } from './registry.ts';
import { tasteTable, World } from './world.ts';

const subjects = ['the cat', 'a dog', 'the old man'];
const verbs = ['sees', 'likes', 'hears'];
const objects = ['the moon', 'a bird', 'the sea'];
const sentences = Array.from(
  { length: 60 },
  (_, i) => `${subjects[i % 3]} ${verbs[Math.floor(i / 3) % 3]} ${objects[Math.floor(i / 9) % 3]}`,
);
const tags: Readonly<Record<string, string>> = {
  the: 'DET',
  a: 'DET',
  old: 'ADJ',
  sees: 'VERB',
  likes: 'VERB',
  hears: 'VERB',
};
const tagOf = (word: string) => tags[word] ?? 'NOUN';
const tagged = (lines: readonly string[]) =>
  lines
    .map((line) =>
      line
        .split(' ')
        .map((word) => `${word}\t${tagOf(word)}\n`)
        .join(''),
    )
    .join('\n');

const files = {
  'corpus.txt': `${sentences.join('.\n')}.\n`,
  'train.conll': tagged(sentences.slice(0, 48)),
  'test.conll': tagged(sentences.slice(48)),
  'test.jsonl': sentences
    .slice(48)
    .map((line) => JSON.stringify({ tokens: line.split(' '), labels: line.split(' ').map(tagOf) }))
    .join('\n'),
  'taste.tsv': tasteTable(56, (row) => (row < 40 ? 'train' : 'heldout')),
};
const quick = '--backend wasm --learning-rate 0.05 --units 12 --dropout 0';

async function after(line: string): Promise<World> {
  const world = new World(files);
  const { code, stderr } = await world.run(line);
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  return world;
}

describe('a label for each token', () => {
  const line = `train train.conll --task many-to-many ${quick} --epochs 12 --batch-size 4 --out tagger`;

  test('is learned of columns, measured on columns and on JSON Lines, and shown', async () => {
    const world = await after(line);
    const { stdout } = await world.run('evaluate tagger test.conll');
    expect(stdout).toMatch(/^examples {2}12\nsteps {5}64\naccuracy {2}100\.0% \(always/);
    expect(stdout).not.toContain('calibration');
    expect(stdout).toMatch(/NOUN {10,}1\.0000 {2}1\.0000 {2}1\.0000 {7}24/);
    const [columns, lines] = await Promise.all(
      ['test.conll', 'test.jsonl'].map((file) => world.run(`evaluate tagger ${file} --json --quiet`)),
    );
    expect(JSON.parse(columns?.stdout as string)).toMatchObject({ examples: 12, steps: 64, accuracy: 1 });
    expect(lines?.stdout).toBe(columns?.stdout);
    const { stdout: summary } = await world.run('summary tagger');
    expect(summary).toContain('labels of each step: ADJ, DET, NOUN, VERB\n');
  });

  test('is predicted for texts and for columns, with or without labels', async () => {
    const world = await after(line);
    const { stdout } = await world.run(['predict', 'tagger', 'the old cat hears a bird']);
    expect(JSON.parse(stdout)).toMatchObject({
      text: 'the old cat hears a bird',
      tokens: ['the', 'old', 'cat', 'hears', 'a', 'bird'],
      labels: ['DET', 'ADJ', 'NOUN', 'VERB', 'DET', 'NOUN'],
      probabilities: { length: 6 },
    });
    const { stdout: columns } = await world.run('predict tagger test.conll --format conll');
    expect(columns.trimEnd()).toBe(files['test.conll'].trimEnd());
    const bare = new World({ 'bare.conll': 'the\nmoon\n\na\ndog\n' });
    const { stdout: unlabelled } = await bare.run([
      'predict',
      `${world.cwd}/tagger`,
      'bare.conll',
      '--format',
      'conll',
    ]);
    expect(unlabelled).toBe('the\tDET\nmoon\tNOUN\n\na\tDET\ndog\tNOUN\n\n');
  });

  test('is read of raw text as of tokens, unless flags say otherwise', async () => {
    const world = new World({
      'cased.conll': 'Bill\tNAME\nis\tX\n.\tEND\n\nthe\tX\nbill\tX\nis\tX\n.\tEND\n',
      'text.txt': 'Bill is.\nthe bill is.\n',
    });
    const learned = `train cased.conll --task many-to-many ${quick} --minimum-count 1 --epochs 40`;
    expect(await world.run(learned)).toMatchObject({ code: 0 });
    const [bill, the] = (await world.run('predict model text.txt')).stdout
      .split('\n')
      .map((line) => line && JSON.parse(line));
    expect(bill).toMatchObject({ tokens: ['Bill', 'is', '.'], labels: ['NAME', 'X', 'END'] });
    expect(the).toMatchObject({ tokens: ['the', 'bill', 'is', '.'], labels: ['X', 'X', 'X', 'END'] });
    const other = `train cased.conll --task many-to-many ${quick} --epochs 1 --out other --lowercase --punctuation drop`;
    expect(await world.run(other)).toMatchObject({ code: 0 });
    const { stdout } = await world.run(['predict', 'other', 'Bill is.']);
    expect(JSON.parse(stdout).tokens).toEqual(['bill', 'is']);
  });

  test('is asked for by the task, as numbers are by the vectorizer', async () => {
    const world = new World({ ...files, 'rows.jsonl': '{"values":[[1],[2]],"label":"a","number":1}\n' });
    const hints = [
      [
        'train train.conll',
        'EXAMPLE_INVALID: train.conll has a label for each token',
        'Train with --task many-to-many',
      ],
      ['train rows.jsonl', 'EXAMPLE_INVALID: rows.jsonl:1 has rows of numbers', 'Add --vectorizer numeric'],
      ['train rows.jsonl --task regression', 'EXAMPLE_INVALID: rows.jsonl:1 has rows of', 'Add --vectorizer numeric'],
    ] as const;
    for (const [line, message, mend] of hints) {
      const { code, stderr } = await world.run(line);
      expect(code).toBe(1);
      expect(stderr).toContain(message);
      expect(stderr).toContain(mend);
    }
  });

  test('needs a label for each token, and answers that fit the format', async () => {
    const world = new World({
      ...files,
      'missing.conll': '# a comment\nthe\tDET\ncat\n',
      'wide.conll': '1\tthe\t_\tDET\n2\tcat\t_\tNOUN\n',
      'bare.jsonl': '{"tokens":["the"]}\n',
      'short.jsonl': '{"tokens":["the","cat"],"labels":["DET"]}\n',
      'wrong.jsonl': '{"tokens":"the","labels":["DET"]}\n',
      'number.jsonl': '{"tokens":["the","cat"],"labels":["DET",3]}\n',
      'empty.jsonl': '{"tokens":["the",""],"labels":["DET","X"]}\n',
      'short.conll': 'the\tx\tDET\n\ncat\tNOUN\n',
      'long.conll': 'the DET\nold cat NOUN\n',
    });
    const refusals = [
      ['missing.conll', 'ROW_INVALID: missing.conll:3: the label of "cat" is missing.'],
      ['bare.jsonl', 'COLUMN_MISSING: bare.jsonl:1: there is no "labels"; there is "tokens".'],
      ['short.jsonl', 'LABELS_MISMATCH: short.jsonl:1 has 2 steps, but 1 label.'],
      ['wrong.jsonl', 'ROW_INVALID: wrong.jsonl:1: "tokens" must be a list of strings.'],
      ['number.jsonl', 'ROW_INVALID: number.jsonl:1: "labels" must be strings that are not empty, but item 2 is 3.'],
      ['empty.jsonl', 'ROW_INVALID: empty.jsonl:1: "tokens" must be strings that are not empty, but item 2 is "".'],
      ['short.conll', 'ROW_INVALID: short.conll:3: 2 columns, but there are 3 in line 1.'],
      ['long.conll', 'ROW_INVALID: long.conll:2: 3 columns, but there are 2 in line 1.'],
      ['wide.conll --label-column tag', 'COLUMN_MISSING: Files with a token on each line have no names of columns'],
      ['taste.tsv --input-format csv', 'FORMAT_UNKNOWN: taste.tsv is a table of texts, whose steps have no labels.'],
    ];
    for (const [data, message] of refusals) {
      const { code, stderr } = await world.run(`train ${data} --task many-to-many ${quick}`);
      expect(code).toBe(1);
      expect(stderr).toContain(message);
    }
    const wide = await world.run(
      `train wide.conll --task many-to-many ${quick} --text-column 2 --label-column 4 --epochs 1 --out wide`,
    );
    expect(wide.stdout).toContain('training part: 1 example (DET 1, NOUN 1);');
    expect(await world.run(['predict', 'wide', 'the', '--format', 'csv'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--format csv is for models that give a text one label or a number.'),
    });
    expect(await world.run(['predict', 'wide', 'the', '--threshold', '0.5'])).toMatchObject({ code: 2 });
    expect(await world.run('generate wide')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('NOT_AVAILABLE: Only a model that learned the next token can go on'),
    });
  });
});

describe('the next token', () => {
  const line = `train corpus.txt --task language-model ${quick} --tokenizer characters --stream --batch-size 4 --epochs 8 --validation 0.1 --out lm`;

  test('is learned of a file as one endless text, or of each line of it', async () => {
    const world = new World(files);
    const endless = await world.run(line);
    expect(endless.stderr).toContain('characters → embedding → lstm → language-model; adam, truncated-bptt; on wasm');
    const size = files['corpus.txt'].length;
    expect(endless.stdout).toMatch(
      new RegExp(`training part: 1 example; 0.0% of ${thousands(Math.round((size + 2) * 0.9) - 1)} tokens unknown`),
    );
    const lines = await world.run(`train corpus.txt --task language-model ${quick} --epochs 1 --out lines`);
    expect(lines.stderr).toContain('words → embedding → lstm → language-model; adam, bptt; on wasm');
    expect(lines.stdout).toContain('training part: 60 examples; 0.0% of');
    const whole = JSON.parse((await world.run('evaluate lm corpus.txt --json')).stdout);
    expect(whole).toMatchObject({ examples: 1, tokens: size + 1 });
    expect(whole.bitsPerToken).toBeCloseTo(Math.log2(whole.perplexity), 10);
    expect(whole.bitsPerToken).toBeLessThan(1.5);
    const table = (await world.run('evaluate lines corpus.txt')).stdout;
    expect(table).toMatch(/^examples {8}60\ntokens .*\nloss .*\nbits per token .*\nperplexity .*\naccuracy /);
    const { stdout } = await world.run('summary lm');
    expect(stdout).toMatch(/output: the next of \d+ numbers\n/);
    expect(stdout).toMatch(/validation +\d\.\d{4} bits per token, loss/);
    expect((await world.run('summary --task language-model corpus.txt')).stdout).toMatch(
      /output: the next of 15 numbers/, // twelve words, the boundary, padding, unknown
    );
    const [top] = JSON.parse((await world.run(['predict', 'lm', 'the cat see'])).stdout).top;
    expect(top).toMatchObject({ token: 's' });
  });

  test('is written on and on: the same for a seed, as it comes, as JSON, and until Ctrl-C', async () => {
    const world = await after(line);
    const settings = '--seed 3 --temperature 0.8 --top-p 0.95 --max-tokens 40';
    const first = await world.run(['generate', 'lm', 'the cat', ...settings.split(' ')]);
    expect(first.code).toBe(0);
    expect(first.stdout).toHaveLength(41);
    expect((await world.run(['generate', 'lm', 'the cat', ...settings.split(' ')])).stdout).toBe(first.stdout);
    const piped = await world.run(`generate lm - ${settings} --json`, { input: 'the cat\n' });
    const written = JSON.parse(piped.stdout);
    expect(written).toMatchObject({
      text: first.stdout.slice(0, -1),
      ended: false,
      prompt: { text: 'the cat', tokens: 7, unknown: 0 },
    });
    expect(written.tokens).toHaveLength(40);

    const unknown = await world.run(['generate', 'lm', 'the Ñ', '--max-tokens', '3', '--top-k', '1']);
    expect(unknown.stderr).toContain('warning: 1 of 5 tokens of the prompt are unknown to the model');

    const controller = new AbortController();
    let pieces = 0;
    const stopped = await world.run('generate lm --max-tokens 1000000 --top-k 2', {
      signal: controller.signal,
      onWrite: () => {
        pieces += 1;
        if (pieces === 5) controller.abort();
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stdout.length).toBeLessThan(20);
    expect(stopped.stdout.endsWith('\n')).toBe(true);
    expect(stopped.stdout.length).toBeGreaterThanOrEqual(5);
  });

  test('refuses what can not be drawn, and a layer that reads ahead', async () => {
    const world = await after(line);
    const refusals = [
      ['--max-tokens 0', '--max-tokens must be a whole number of at least 1'],
      ['--temperature 0', 'For the likeliest token each time write --top-k 1.'],
      ['--top-p 1.5', '--top-p must be above 0 and at most 1'],
      ['--top-k 0', '--top-k must be a whole number of at least 1'],
      ['--length 4', 'Did you mean --max-tokens?'],
    ];
    for (const [flags, message] of refusals)
      expect(await world.run(`generate lm ${flags}`)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(message as string),
      });
    expect((await world.run(`train corpus.txt --task language-model --direction both`)).stderr).toContain(
      '✗ direction "both" reads what comes next, which task "language-model" is to predict',
    );
    expect((await world.run(`train taste.tsv --stream`)).stderr).toContain(
      '"stream" is for tasks that learn the next token.',
    );
  });
});

describe('a sequence for a sequence', () => {
  const letters = (size: number) => ({
    tokenizer: { use: 'characters' },
    vectorizer: { use: 'embedding', with: { size } },
  });
  const pairs = ['ab', 'ba', 'aab', 'bba', 'b', 'abc', 'cab', 'acb'];
  const own = {
    ...files,
    'backwards.json': JSON.stringify({
      input: letters(5),
      target: letters(5),
      encoder: { layers: [{ use: 'lstm', with: { units: 8 }, direction: 'both' }] },
      decoder: { layers: [{ use: 'lstm', with: { units: 8 } }] },
      attention: { use: 'additive', with: { units: 6 } },
      task: { use: 'encoder-decoder' },
      optimizer: { use: 'adam', with: { learningRate: 0.03 } },
      trainer: { use: 'bptt' },
      backend: { use: 'wasm' },
    }),
    'pairs.tsv': `text\ttarget\n${pairs.map((text) => `${text}\t${[...text].reverse().join('')}\n`).join('')}`,
    'empty.tsv': 'text\ttarget\nab\tba\nb\t\n',
    'rare.jsonl': '{"text":"a","target":"xyz"}\n',
  };
  const trained = async () => {
    const world = new World(own);
    const line = 'train pairs.tsv --config backwards.json --epochs 12 --batch-size 4 --out reverser';
    expect(await world.run(line)).toMatchObject({ code: 0 });
    return world;
  };

  test('is searched for, drawn and shown as the library does', async () => {
    const world = await trained();
    const model = (await loadFolder(`${world.cwd}/reverser`, registry)) as unknown as Model<string, 'sequence'>;
    const settings: [string, PredictSettings<'sequence'>][] = [
      ['', {}],
      ['--beam 3 --length-penalty 0.5 --maximum-length 4', { beam: 3, lengthPenalty: 0.5, maximumLength: 4 }],
      ['--attention --batch-size 3', { attention: true }],
      ['--sample --seed 5 --temperature 2', { sample: { seed: 5, temperature: 2 } }],
      ['--sample --top-k 2 --top-p 0.9', { sample: { topK: 2, topP: 0.9 } }],
    ];
    for (const [flags, same] of settings) {
      const { stdout, code } = await world.run(`predict reverser pairs.tsv ${flags}`);
      expect(code).toBe(0);
      const lines = stdout.trimEnd().split('\n');
      const answers = await model.predict(pairs, same);
      expect(lines.map((line) => JSON.parse(line))).toEqual(
        answers.map(({ text, ...answer }, index) => ({ text: pairs[index], target: text, ...answer })),
      );
    }
    model.dispose();
    const { input, parts, parameters } = JSON.parse((await world.run('summary reverser --json')).stdout);
    expect(input).toBe('one of 5 numbers at each step'); // three letters, padding, unknown: no boundary, which targets have
    expect(parts.map(({ name }: { name: string }) => name)).toEqual([
      ...['source.input', 'source.layers.0.forward', 'source.layers.0.backward'],
      ...['input', 'layers.0.begin', 'layers.0', 'attention', 'output'],
    ]);
    expect(parts.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(parameters);
    // Three tokens that no training text has, and the end.
    const { stdout } = await world.run('evaluate reverser rare.jsonl --json');
    expect(JSON.parse(stdout)).toMatchObject({ examples: 1, tokens: 4, unknownTokens: 3 });
    expect((await world.run('evaluate reverser rare.jsonl')).stdout).toContain('unknown tokens  3\n');
  });

  test('refuses what can not be, and flags of writing for models that write nothing', async () => {
    const world = await trained();
    const refusals: [string, number, string][] = [
      ['predict reverser ab --beam 0', 2, '--beam must be a whole number of at least 1, but "0" was given.'],
      ['predict reverser ab --beam 99', 1, '"beam" must be at most the 6 tokens of the vocabulary, but 99 was given.'],
      ['predict reverser ab --beam 2 --sample', 2, '--sample draws one sequence, so it does not go with --beam.'],
      ['predict reverser ab --length-penalty -1', 2, '--length-penalty must be at least 0, but "-1" was given.'],
      ['predict reverser ab --maximum-length 0', 2, '--maximum-length must be a whole number of at least 1'],
      ['predict reverser ab --top-p 0.5', 2, '--top-p is about drawing tokens.\nAdd --sample, or leave it out.'],
      ['predict reverser ab --sample --temperature 0', 2, '--temperature must be greater than 0, but 0 was given.'],
      ['predict reverser ab --threshold 0.5', 2, '--threshold chooses between two labels of a text'],
      ['train pairs.tsv --task encoder-decoder', 2, '--task encoder-decoder needs a manifest'],
      ...['--units 9', '--layers 2', '--dropout 0.1', '--cell vanilla', '--cell-units 9', '--direction both'].map(
        (flag): [string, number, string] => [
          `train pairs.tsv --config backwards.json ${flag}`,
          2,
          `${flag.split(' ')[0]} is about layers, but those of this manifest stand in its encoder and its decoder.\nChange`,
        ],
      ),
      ['generate reverser ab', 1, 'NOT_AVAILABLE: Only a model that learned the next token can go on'],
      ['train empty.tsv --config backwards.json', 1, 'TARGET_EMPTY: empty.tsv:3 has a target without a token: "".'],
    ];
    for (const [line, code, message] of refusals)
      expect(await world.run(line), line).toMatchObject({ code, stderr: expect.stringContaining(message) });
    const rest = `${quick} --epochs 1`;
    await world.run(`train taste.tsv ${rest} --out taster`);
    await world.run(`train train.conll --task many-to-many ${rest} --out tagger`);
    await world.run(`train corpus.txt --task language-model ${rest} --out writer`);
    const others: [string, string][] = [
      [
        'predict taster fine --beam 2',
        '--beam is about sequences that a model generates, but this one gives a text one label.',
      ],
      [
        'predict tagger fine --attention',
        '--attention is about sequences that a model generates, but this one gives each step a label.',
      ],
      [
        'predict writer fine --sample',
        'but this one tells what may come next.\nLeave it out, or let it go on writing: generate MODEL PROMPT.',
      ],
    ];
    for (const [line, message] of others)
      expect(await world.run(line), line).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(message),
      });
  });
});

describe('a bag without layers', () => {
  test('is what the linear task takes', async () => {
    const world = new World(files);
    const line = 'train taste.tsv --task linear --backend wasm --learning-rate 0.1 --epochs 12 --out bag';
    const { code, stderr } = await world.run(line);
    expect(code).toBe(0);
    expect(stderr).toContain('words → bag-of-ngrams → linear; adam, bptt; on wasm');
    expect(JSON.parse((await world.run('evaluate bag taste.tsv --json')).stdout).accuracy).toBe(1);
    expect((await world.run('summary bag')).stdout).toMatch(
      /^input: a bag of \d+ columns; labels: negative, positive\n/,
    );
    const same = await world.run(`${line}2 --vectorizer bag-of-ngrams --layers 0`);
    expect(same.stderr).toContain('words → bag-of-ngrams → linear; adam, bptt; on wasm');
  });

  test('has no options of layers', async () => {
    const world = new World(files);
    const { code, stderr } = await world.run('train taste.tsv --task linear --layers 0 --dropout 0.1');
    expect(code).toBe(2);
    expect(stderr).toContain('FLAG_INVALID: --dropout is about layers, but there are none.');
    const pooled = await world.run('train taste.tsv --layers 0 --epochs 1');
    expect(pooled.stderr).toContain('words → embedding → many-to-one; adam, bptt; on reference');
  });
});

function thousands(value: number): string {
  return value.toLocaleString('en-US');
}
