// Numbers from the command line: from tables and JSON Lines to values, errors beside always answering the mean, and refusals.
import { describe, expect, test } from 'vitest';
import { World } from './world.ts';

const stars: Readonly<Record<string, number>> = { dull: -2, fine: 0, grand: 2 };
const words = Object.keys(stars);
const rows = Array.from({ length: 45 }, (_, i) => {
  const two = [words[i % 3] as string, words[Math.floor(i / 3) % 3] as string];
  return { text: `a ${two.join(' and ')} film`, number: two.reduce((sum, word) => sum + (stars[word] as number), 3.5) };
});
const table = (from: number, to: number, delimiter: string) =>
  ['number', 'text'].join(delimiter).concat(
    '\n',
    rows
      .slice(from, to)
      .map(({ text, number }) => `${number}${delimiter}${text}\n`)
      .join(''),
  );

const files = {
  'train.tsv': table(0, 36, '\t'),
  'test.csv': table(36, 45, ','),
  'test.jsonl': rows
    .slice(36)
    .map((row) => JSON.stringify(row))
    .join('\n'),
  'rated.csv': 'review,stars\na grand film,3.5\na dull film,-.5e0\n',
  'sums.jsonl': Array.from({ length: 24 }, (_, i) =>
    JSON.stringify({ values: [[i % 4], [i % 3]], number: (i % 4) + (i % 3) }),
  ).join('\n'),
  'empty.tsv': 'text\tnumber\na film\t2\na film\t\n',
  'word.tsv': 'text\tnumber\na film\tthree\n',
  'comma.tsv': 'text\tnumber\na film\t3,5\n',
  'unit.tsv': 'text\tnumber\na film\t3 km\n',
  'huge.tsv': 'text\tnumber\na film\t1e999\n',
  'label.tsv': 'text\tlabel\na film\t2\n',
  'quoted.jsonl': '{"text": "a film", "number": 2}\n{"text": "a film", "number": "2"}\n',
  'none.jsonl': '{"text": "a film", "label": "2"}\n',
  'wide.jsonl': '{"values": [[1], [2, 3]], "number": 2}\n{"values": [[1]], "number": 1}\n',
  'same.tsv': 'text\tnumber\na film\t2\nthe film\t2\n',
  'plain.txt': 'a film\n',
};
const quick = '--backend wasm --learning-rate 0.05 --units 8 --dropout 0 --batch-size 4';
const learned = `train train.tsv --task regression ${quick} --minimum-count 1 --epochs 15 --out rater`;

async function after(line: string): Promise<World> {
  const world = new World(files);
  const { code, stderr } = await world.run(line);
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  return world;
}

describe('a number for each text', () => {
  test('is learned of a table, predicted, measured and summed up', async () => {
    const world = new World(files);
    const trained = await world.run(learned);
    expect(trained).toMatchObject({ code: 0 });
    expect(trained.stdout).toMatch(/^epoch {2}1\/15 {2}loss \d\.\d+ {2}\d+/m);
    expect(trained.stdout).not.toContain('accuracy');
    expect(trained.stdout).toContain('numbers: mean 3.5000, deviation 2.3094');
    const { stdout } = await world.run('evaluate rater test.csv');
    expect(stdout).toMatch(/^examples {2}9\nloss {6}\d/);
    expect(stdout).toMatch(/the model .* 0\.9\d+\nalways the mean of training .* 0\.0000/);
    const measures = JSON.parse((await world.run('evaluate rater test.jsonl --json')).stdout);
    expect(measures).toMatchObject({ examples: 9, baseline: { r2: expect.closeTo(0, 10) } });
    expect(measures.r2).toBeGreaterThan(0.9);
    expect(JSON.parse((await world.run('evaluate rater test.csv --json --shuffle-steps 1')).stdout).examples).toBe(9);
    const { stdout: line } = await world.run(['predict', 'rater', 'a grand and grand film']);
    expect(JSON.parse(line)).toEqual({ text: 'a grand and grand film', value: expect.closeTo(7.5, -0.3) });
    const { stdout: lines } = await world.run('predict rater test.csv --format csv');
    const [header, ...values] = lines.trimEnd().split('\n');
    expect(header).toBe('text,value');
    const errors = values.map((row, i) => Math.abs(Number(row.split(',')[1]) - (rows[36 + i]?.number as number)));
    expect(errors.reduce((sum, error) => sum + error, 0) / 9).toBeCloseTo(measures.meanAbsoluteError, 6);
    expect((await world.run('summary rater')).stdout).toMatch(/at each step; output: a number\n/);
    expect(JSON.parse((await world.run('summary rater --json')).stdout)).toMatchObject({
      learns: 'number',
      labels: { count: 1 },
    });
    const { stdout: planned } = await world.run('summary train.tsv --task regression --units 8');
    expect(planned).toContain('output: a number');
    expect(planned).not.toContain('assumed: two labels');
  });

  test('is read of the columns that are named, with a validation part, and followed as JSON', async () => {
    const world = await after(
      `train rated.csv --text-column review --number-column stars --task regression ${quick} --minimum-count 1`,
    );
    expect((await world.run('evaluate model rated.csv --text-column review --number-column stars')).code).toBe(0);
    const { stdout } = await world.run(`${learned} --validation 0.25 --early-stopping 2 --json`);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ event: 'epoch', validation: { loss: expect.any(Number) } });
    expect(events[0]).not.toHaveProperty('accuracy');
    expect(events.at(-1)).toMatchObject({
      event: 'end',
      report: { numbers: { mean: expect.any(Number) } },
      metrics: { examples: 9, meanSquaredError: expect.any(Number) },
    });
    const { stdout: facts } = await world.run('summary rater');
    expect(facts).toMatch(/^validation +mean absolute error [\d.]+, R² -?[\d.]+, loss [\d.]+/m);
    expect(await world.run('data check train.tsv --task regression')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('NOT_AVAILABLE: data check looks at texts with one label each'),
    });
  });

  test('is learned of rows of numbers in JSON Lines', async () => {
    const world = await after(`train sums.jsonl --vectorizer numeric --task regression ${quick} --epochs 25`);
    const { r2 } = JSON.parse((await world.run('evaluate model sums.jsonl --json')).stdout);
    expect(r2).toBeGreaterThan(0.9);
    const { stdout } = await world.run('predict model sums.jsonl');
    expect(stdout.trimEnd().split('\n')).toHaveLength(24);
    expect(JSON.parse(stdout.slice(0, stdout.indexOf('\n')))).toEqual({ value: expect.any(Number) });
  });
});

describe('what is no number is refused with its file and line', () => {
  const refusals = [
    ['empty.tsv', 'ROW_INVALID: empty.tsv:3: the number is empty.'],
    ['word.tsv', 'ROW_INVALID: word.tsv:2: the number is "three".'],
    ['comma.tsv', 'ROW_INVALID: comma.tsv:2: the number is "3,5".\nWrite it with a point: 3.5.'],
    ['unit.tsv', 'ROW_INVALID: unit.tsv:2: the number is "3 km".'],
    ['huge.tsv', 'ROW_INVALID: huge.tsv:2: the number is "1e999".'],
    ['label.tsv', 'COLUMN_MISSING: label.tsv has no column "number"; it has "text", "label".'],
    ['quoted.jsonl', 'ROW_INVALID: quoted.jsonl:2: "number" must be a number, not "2".\nWrite it without quotes'],
    ['none.jsonl', 'COLUMN_MISSING: none.jsonl:1: there is no "number"; there is "text", "label".'],
    ['wide.jsonl --vectorizer numeric', 'EXAMPLE_INVALID: wide.jsonl:1, step 2: the row has 2 numbers'],
    ['same.tsv', 'DATA_ONE_NUMBER: There is nothing to learn: the only number in 2 examples to learn from is 2'],
    ['plain.txt --input-format lines', 'FORMAT_UNKNOWN: plain.txt is read as plain text, which has no numbers.'],
    ['train.tsv --class-weights balanced', 'SETTING_INVALID: "classWeights" is for tasks that learn labels.'],
    [
      'train.tsv --loss categorical-cross-entropy',
      'MANIFEST_MISFIT: loss.use: ✗ loss "categorical-cross-entropy" compares',
    ],
    ['train.tsv --labels low,high', 'MANIFEST_MISFIT: target.labels: ✗ task "regression" learns no labels'],
  ] as const;

  test.each(refusals)('%s', async (data, message) => {
    const { code, stderr } = await new World(files).run(`train ${data} --task regression ${quick}`);
    expect(stderr).toContain(message);
    expect(code).toBeGreaterThan(0);
  });
});
