// Reading data: every format, encoding and delimiter, and an error with its line for every kind of bad input.
import { existsSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Example, UnrolledError } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import { type ReadOptions, readExamples } from '../src/read/examples.ts';
import { type Files, World } from './world.ts';

interface Read {
  readonly examples: readonly Example[];
  readonly notes: readonly string[];
}

async function read(files: Files, path: string, options: Partial<ReadOptions> = {}, input?: string): Promise<Read> {
  const world = new World(files);
  const notes: string[] = [];
  const examples: Example[] = [];
  const io = world.io({ stdout: '', stderr: '' }, input === undefined ? {} : { input });
  const all = { labelled: true, note: (sentence: string) => notes.push(sentence), ...options };
  for await (const example of readExamples(path, all, io)) examples.push(example);
  return { examples, notes };
}

async function failure(...given: Parameters<typeof read>): Promise<UnrolledError> {
  const error = await read(...given).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(UnrolledError);
  return error;
}

const rows = (examples: readonly Example[]) => examples.map(({ text, label }) => [text, label]);

describe('delimited text', () => {
  test('RFC 4180: quoted delimiters, line ends and quotes, with the line each row begins in', async () => {
    const file = 'label,text\r\npos,"good, really"\r\n\r\nneg,"two\r\nlines"\r\npos,"she said ""yes"""';
    const { examples, notes } = await read({ 'a.csv': file }, 'a.csv');
    expect(examples).toEqual([
      { text: 'good, really', label: 'pos', origin: 'a.csv:2' },
      { text: 'two\nlines', label: 'neg', origin: 'a.csv:4' },
      { text: 'she said "yes"', label: 'pos', origin: 'a.csv:6' },
    ]);
    expect(notes).toEqual(['a.csv: delimiter comma']);
  });

  test.each([
    ['comma', 'text,label\na;b,c\nd\te,f\n'],
    ['semicolon', 'text;label\na,b;c\nd, e, f;g\n'],
    ['tab', 'text\tlabel\na,b\tc\nd; e, f\tg\n'],
  ])('the delimiter %s is detected though others occur in the texts', async (name, file) => {
    const { examples, notes } = await read({ 'a.csv': file }, 'a.csv');
    expect(notes).toEqual([`a.csv: delimiter ${name}`]);
    expect(examples).toHaveLength(2);
  });

  test('detection respects quotes', async () => {
    const { notes } = await read({ 'a.csv': 'text,label\n"a;b;c\n;",x\n"d;e",y\n' }, 'a.csv');
    expect(notes).toEqual(['a.csv: delimiter comma']);
  });

  test('a delimiter that is given is not detected', async () => {
    const { examples, notes } = await read({ 'a.csv': 'text|label\na|b\n' }, 'a.csv', { delimiter: '|' });
    expect(rows(examples)).toEqual([['a', 'b']]);
    expect(notes).toEqual([]);
  });

  test('tab-separated: a stray quote is text, a properly quoted field is unquoted', async () => {
    const file = 'label\ttext\n1\ta 9" screen\n2\t"so" he said\n3\t"never closed\n4\t"all ""of"" it"\n5\t""\n6\t"\n';
    const { examples } = await read({ 'a.tsv': file }, 'a.tsv');
    expect(rows(examples)).toEqual([
      ['a 9" screen', '1'],
      ['"so" he said', '2'],
      ['"never closed', '3'],
      ['all "of" it', '4'],
      ['', '5'],
      ['"', '6'],
    ]);
  });

  test('tab-separated with --quotes strict holds tabs and line ends', async () => {
    const { examples } = await read({ 'a.tsv': 'label\ttext\n1\t"a\tb\nc"\n2\td\n' }, 'a.tsv', { quotes: 'strict' });
    expect(examples.map(({ text, origin }) => [text, origin])).toEqual([
      ['a\tb\nc', 'a.tsv:2'],
      ['d', 'a.tsv:4'],
    ]);
  });

  test('--quotes none takes quotes as they are', async () => {
    const { examples } = await read({ 'a.csv': 'text,label\n"a,"b\n' }, 'a.csv', { quotes: 'none' });
    expect(rows(examples)).toEqual([['"a', '"b']]);
  });

  test('a byte-order mark, columns of other names, a split', async () => {
    const file = '\uFEFFreview,sentiment,part\nfine,1,train\n';
    const names = { text: 'review', label: 'sentiment', split: 'part' };
    const { examples } = await read({ 'a.csv': file }, 'a.csv', { names });
    expect(examples).toEqual([{ text: 'fine', label: '1', split: 'train', origin: 'a.csv:2' }]);
  });

  test('columns can be named where there is no header', async () => {
    const { examples } = await read({ 'sms.tsv': 'ham\tsee you\n' }, 'sms.tsv', { columns: ['label', 'text'] });
    expect(examples).toEqual([{ text: 'see you', label: 'ham', origin: 'sms.tsv:1' }]);
  });

  test('line ends of old Macs', async () => {
    const { examples } = await read({ 'a.csv': 'text,label\ra,b\rc,d\r' }, 'a.csv');
    expect(rows(examples)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('a bare CR inside a field of a file with other line ends is kept', async () => {
    const { examples } = await read({ 'a.tsv': 'text\tlabel\na\rb\tc\n' }, 'a.tsv');
    expect(rows(examples)).toEqual([['a\rb', 'c']]);
  });

  test('a text longer than any buffer', async () => {
    const long = 'word '.repeat(60_000);
    const { examples } = await read({ 'a.csv': `text,label\n"${long}\n",x\nb,y\n` }, 'a.csv');
    expect(examples[0]?.text).toBe(`${long}\n`);
    expect(examples[1]?.origin).toBe('a.csv:4');
  });

  test.each([
    ['too few fields', 'text,label\na,b\nc\nd,e\n', ':3: 1 field, but 2 fields in the header'],
    ['too many fields', 'text,label\na,b\nc,d,e\n', ':3: 3 fields, but 2 fields in the header'],
    ['an unclosed quote', 'text,label\na,b\n"c,d\ne,f\n', ':3: a quote is opened and never closed'],
    ['a quote not doubled', 'text,label\na,b\n"c"d,e\n', ':3: a quote inside a quoted field'],
    [
      'an unclosed quote, closed much later',
      'text,label\n"a,b\nc,d\ne "f" g,h\n',
      ':2: a quote inside a quoted field (line 4)',
    ],
    ['a quote in an unquoted field', 'text,label\na 9" screen,b\n', ':2: a quote stands inside a field'],
    ['an empty label', 'text,label\na,b\nc,\n', ':3: the label is empty'],
    ['a truncated file', 'text,label\na,b\nc', ':3: 1 field'],
  ])('%s is an error with its line', async (_, file, message) => {
    const error = await failure({ 'a.csv': file }, 'a.csv');
    expect(error.code).toBe('ROW_INVALID');
    expect(error.message).toContain(`a.csv${message}`);
    expect(error.mend).toBeTruthy();
  });

  test('the line of an unclosed quote is right far into a large file', async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => `text ${i},label`).join('\n');
    const error = await failure({ 'a.csv': `text,label\n${many}\n"oops,x\n${many}` }, 'a.csv');
    expect(error.message).toContain('a.csv:40002: a quote is opened and never closed');
  });

  test('a wrong column lists those found and the nearest', async () => {
    const error = await failure({ 'a.csv': 'review,labels\na,b\n' }, 'a.csv', { names: { text: 'review' } });
    expect(error.code).toBe('COLUMN_MISSING');
    expect(error.message).toBe(
      'a.csv has no column "label"; it has "review", "labels". Did you mean --label-column labels?',
    );
  });

  test('a column of a name that occurs twice is refused', async () => {
    expect((await failure({ 'a.csv': 'text,text,label\na,b,c\n' }, 'a.csv')).message).toContain('two columns "text"');
  });

  test('an empty file', async () => {
    expect((await failure({ 'a.csv': '' }, 'a.csv')).code).toBe('DATA_EMPTY');
  });

  const reviews = fileURLToPath(new URL('../../datasets/movie-reviews/data', import.meta.url));
  test.skipIf(!existsSync(reviews))(
    'the real reviews: 8467 to train on, 2061 held out, quotes as they stand',
    async () => {
      const { examples, notes } = await read({}, `${reviews}/mr_same_formatting.tsv`);
      expect(notes[0]).toContain('delimiter tab');
      expect(examples.filter(({ split }) => split === 'train')).toHaveLength(8467);
      expect(examples.filter(({ split }) => split === 'heldout')).toHaveLength(2061);
      expect(examples.find(({ text }) => text?.includes('"'))?.text).toContain('9" black and white portable TV');
    },
  );
});

describe('encodings', () => {
  const latin = (text: string) => Buffer.from(text, 'latin1');

  test('windows-1252, with the characters that Latin-1 lacks', async () => {
    const file = Buffer.concat([latin('text,label\ncaf\xe9 '), Buffer.from([0x93, 0x80, 0x94, 0x92]), latin(',b\n')]);
    for (const encoding of ['windows-1252', 'latin1'] as const) {
      const { examples } = await read({ 'a.csv': file }, 'a.csv', { encoding });
      expect(rows(examples)).toEqual([['café “€”’', 'b']]);
    }
  });

  test('UTF-16, said or by its byte-order mark', async () => {
    const file = Buffer.from('\uFEFFtext,label\ncafé 😀,b\n', 'utf16le');
    const byMark = await read({ 'a.csv': file }, 'a.csv');
    expect(rows(byMark.examples)).toEqual([['café 😀', 'b']]);
    expect(byMark.notes[0]).toBe('a.csv: encoding utf-16le, by its byte-order mark');
    expect(rows((await read({ 'a.csv': file.subarray(2) }, 'a.csv', { encoding: 'utf-16le' })).examples)).toEqual([
      ['café 😀', 'b'],
    ]);
    const big = Buffer.from(file).swap16();
    expect(rows((await read({ 'a.csv': big }, 'a.csv')).examples)).toEqual([['café 😀', 'b']]);
  });

  test('characters that lie across the pieces of a file', async () => {
    for (const shift of [0, 1, 2, 3]) {
      const text = `${'x'.repeat(shift)}${'😀é'.repeat(40_000)}`;
      for (const encoding of ['utf8', 'utf16le'] as const) {
        const file = Buffer.from(`\uFEFFtext,label\n${text},b\n`, encoding);
        expect((await read({ 'a.csv': file }, 'a.csv')).examples[0]?.text).toBe(text);
      }
    }
  });

  test('a wrong encoding names the line, the byte and its offset', async () => {
    const file = Buffer.concat([Buffer.from(`text,label\n${'é,b\n'.repeat(30_000)}`), latin('caf\xe9,b\n')]);
    const error = await failure({ 'a.csv': file }, 'a.csv');
    expect(error.code).toBe('ENCODING_INVALID');
    expect(error.message).toContain(`a.csv:30002: byte 0xe9 at offset ${file.length - 4} is not valid utf-8`);
    expect(error.mend).toContain('--encoding windows-1252');
  });

  test('a file cut inside a character', async () => {
    const error = await failure({ 'a.csv': Buffer.from('text,label\na,é').subarray(0, -1) }, 'a.csv');
    expect(error.message).toContain('a.csv:2: the file ends inside a character of utf-8');
  });

  test('UTF-16 without a mark, read as UTF-8', async () => {
    const error = await failure({ 'a.csv': Buffer.from('text,label\na,b\n', 'utf16le') }, 'a.csv');
    expect(error.code).toBe('ENCODING_INVALID');
    expect(error.mend).toContain('--encoding utf-16le');
  });

  test('UTF-8 read as windows-1252 is warned of', async () => {
    const { notes } = await read({ 'a.csv': 'text,label\ncafé,b\n' }, 'a.csv', { encoding: 'windows-1252' });
    expect(notes[0]).toContain('a.csv looks like UTF-8');
  });

  test('an archive is not text', async () => {
    const error = await failure({ 'a.csv': Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0) }, 'a.csv');
    expect(error.message).toContain('.xlsx');
  });
});

describe('a token on each line', () => {
  test('beginnings of documents, ranges and empty nodes are no tokens; a score is one', async () => {
    const universal = [
      '# text = vámonos al mar',
      '1-2\tvámonos\t_\t_',
      '1\tvamos\tir\tVERB',
      '2\tnos\tnosotros\tPRON',
      '2.1\tal\t_\tX',
      '',
      '# text = 3-4',
      '1\t3-4\t3-4\tNUM',
    ].join('\n');
    const options = { learns: 'labels', names: { text: '2', label: '4' } } as const;
    expect((await read({ 'a.conll': universal }, 'a.conll', options)).examples).toEqual([
      { tokens: ['vamos', 'nos'], labels: ['VERB', 'PRON'], origin: 'a.conll:3' },
      { tokens: ['3-4'], labels: ['NUM'], origin: 'a.conll:8' },
    ]);
    const documents = '-DOCSTART- -X- O\n\n3-4 CD B\nU.N. NNP I\n\n-DOCSTART-\n\n3.1 CD O\n';
    expect((await read({ 'b.conll': documents }, 'b.conll', { learns: 'labels' })).examples).toEqual([
      { tokens: ['3-4', 'U.N.'], labels: ['B', 'I'], origin: 'b.conll:3' },
      { tokens: ['3.1'], labels: ['O'], origin: 'b.conll:8' },
    ]);
  });
});

describe('JSON Lines', () => {
  test('labels of any plain type, empty lines skipped, lines counted', async () => {
    const file = '{"text":"a","label":1}\n\n{"text":"b","label":true,"split":"test"}\r\n{"text":"c","label":"x"}';
    const { examples } = await read({ 'a.jsonl': file }, 'a.jsonl');
    expect(examples).toEqual([
      { text: 'a', label: '1', origin: 'a.jsonl:1' },
      { text: 'b', label: 'true', split: 'test', origin: 'a.jsonl:3' },
      { text: 'c', label: 'x', origin: 'a.jsonl:4' },
    ]);
  });

  test.each([
    ['not JSON', '{"text":"a","label":"b"}\n{"text":', 'ROW_INVALID', 'a.jsonl:2: this is not JSON'],
    ['an array', '[{"text":"a"}]', 'ROW_INVALID', 'a.jsonl:1: a JSON object was expected'],
    ['an array over several lines', '[\n{"text":"a"}]', 'ROW_INVALID', 'jq -c .[]'],
    ['a number for a text', '{"text":5,"label":"b"}', 'ROW_INVALID', 'a.jsonl:1: "text" must be a string, not 5'],
    ['a missing key', '{"txt":"a","label":"b"}', 'COLUMN_MISSING', 'Did you mean --text-column txt?'],
    ['a missing label', '{"text":"a"}', 'COLUMN_MISSING', 'a.jsonl:1: there is no "label"; there is "text"'],
  ])('%s', async (_, file, code, message) => {
    const error = await failure({ 'a.jsonl': file }, 'a.jsonl');
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});

describe('folders, lines and stdin', () => {
  test('a folder per label, sorted, other files left out', async () => {
    const files = {
      'd/pos/2.txt': 'b',
      'd/pos/10.txt': 'a\r\nc',
      'd/neg/1.txt': 'n',
      'd/readme.md': '',
      'd/neg/.x.txt': '',
    };
    const { examples } = await read(files, 'd');
    expect(examples).toEqual([
      { text: 'n', label: 'neg', origin: 'd/neg/1.txt' },
      { text: 'a\nc', label: 'pos', origin: 'd/pos/10.txt' },
      { text: 'b', label: 'pos', origin: 'd/pos/2.txt' },
    ]);
  });

  test('a folder per split and label', async () => {
    const { examples } = await read({ 'd/train/pos/1.txt': 'a', 'd/test/neg/1.txt': 'b' }, 'd');
    expect(examples.map(({ split, label }) => [split, label])).toEqual([
      ['test', 'neg'],
      ['train', 'pos'],
    ]);
  });

  test('a folder of texts without labels is for predicting only', async () => {
    const files = { 'd/1.txt': 'a' };
    expect((await read(files, 'd', { labelled: false })).examples).toEqual([{ text: 'a', origin: 'd/1.txt' }]);
    expect((await failure(files, 'd')).code).toBe('FOLDER_INVALID');
  });

  test('texts at two depths, or none', async () => {
    expect((await failure({ 'd/a/1.txt': '', 'd/b/c/1.txt': '' }, 'd')).message).toContain('both at d/a/1.txt and at');
    expect((await failure({ 'd/a.md': '' }, 'd')).message).toContain('holds no .txt files');
  });

  test('plain lines keep their order and number, an empty one among them', async () => {
    const { examples } = await read({ 'a.txt': 'one\n\nthree' }, 'a.txt', { labelled: false });
    expect(examples).toEqual([
      { text: 'one', origin: 'a.txt:1' },
      { text: '', origin: 'a.txt:2' },
      { text: 'three', origin: 'a.txt:3' },
    ]);
    expect((await failure({ 'a.txt': 'one' }, 'a.txt')).code).toBe('FORMAT_UNKNOWN');
  });

  test.each([
    ['jsonl', '{"text":"a","label":"b"}\n'],
    ['csv', 'label;text\nb;a\n'],
    ['tsv', '"label"\t"text"\nb\ta\n'],
  ])('stdin as %s is recognised by its first line', async (format, input) => {
    const { examples, notes } = await read({}, '-', {}, input);
    expect(rows(examples)).toEqual([['a', 'b']]);
    expect(examples[0]?.origin).toMatch(/^stdin:[12]$/);
    expect(notes[0]).toContain(`read as ${format}`);
  });

  test.each([
    ['good\n', 'bad\n', undefined],
    ['good\n', 'bad\n', 'lines' as const],
    ['{"text":"good"}\n', '{"text":"bad"}\n', undefined],
  ])('a line of stdin is not held back for the next one: %j', async (first, second, format) => {
    const stdin = new PassThrough();
    const io = new World().io({ stdout: '', stderr: '' }, { stdin });
    const examples = readExamples('-', { labelled: false, format, note: () => {} }, io);
    stdin.write(first);
    expect((await examples.next()).value).toEqual({ text: 'good', origin: 'stdin:1' });
    stdin.end(second);
    expect((await examples.next()).value).toEqual({ text: 'bad', origin: 'stdin:2' });
  });

  test('a file that is not there', async () => {
    const error = await failure({ 'train.csv': '' }, 'trian.csv');
    expect(error.code).toBe('FILE_MISSING');
    expect(error.message).toBe('There is no file trian.csv. Did you mean train.csv?');
  });
});
