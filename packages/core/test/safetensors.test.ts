// Safetensors: there and back, against a file of the Python package, and whatever a damaged file may hold.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createChecksum,
  decodeSafetensors,
  encodeSafetensors,
  isUnrolledError,
  type StoredTensor,
  sha256,
} from '../src/index.ts';

const python = new Uint8Array(readFileSync(new URL('./golden/python.safetensors', import.meta.url)));
const tensors: [string, StoredTensor][] = [
  ['layers.0.Wxh', { shape: [2, 3], data: Float32Array.of(1.5, -2.25, 3, 0.1, Infinity, -0) }],
  ['output.by', { shape: [3], data: Float64Array.of(0.1, -Math.PI, 5e-324) }],
  ['updates', { shape: [], data: Int32Array.of(2147483647) }],
  ['empty', { shape: [0, 4], data: new Float32Array(0) }],
  ['ação', { shape: [2, 1], data: Int32Array.of(-1, 7) }],
];
const metadata = { format: 'unrolled', note: 'línea 1\n"quoted"' };

/** A file of any header, with a right length before it. */
function file(header: string | Uint8Array, data: Uint8Array | number = 0): Uint8Array {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const body = typeof data === 'number' ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + json.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(body, 8 + json.length);
  return bytes;
}

describe('files of the Python package', () => {
  test('are read to the bit', () => {
    const read = decodeSafetensors(python);
    expect(read.tensors).toEqual(new Map(tensors));
    expect(Object.fromEntries(read.metadata)).toEqual(metadata);
    expect([...read.tensors.keys()]).toEqual(['ação', 'empty', 'layers.0.Wxh', 'output.by', 'updates'].sort());
  });

  test('ours of the same tensors has as many bytes of data and reads the same', () => {
    const ours = encodeSafetensors(tensors, metadata);
    expect(decodeSafetensors(ours)).toEqual(decodeSafetensors(python));
    expect(ours.length).toBe(python.length);
  });
});

describe('encoding', () => {
  test('is the same in whatever order tensors come', () => {
    expect(encodeSafetensors([...tensors].reverse(), metadata)).toEqual(encodeSafetensors(tensors, metadata));
    expect(encodeSafetensors(new Map(tensors))).toEqual(encodeSafetensors(Object.entries(Object.fromEntries(tensors))));
  });

  test('bytes are pinned; the data begin at a multiple of 8, after spaces', () => {
    const bytes = encodeSafetensors([['w', { shape: [1], data: Float32Array.of(1) }]], { a: 'b' });
    const text = new TextDecoder('latin1').decode(bytes);
    expect(text.slice(8, -4)).toBe(
      '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  '.trimEnd().padEnd(80),
    );
    expect(bytes[0]).toBe(80);
    expect([...bytes.slice(-4)]).toEqual([0, 0, 0x80, 0x3f]);
  });

  test('nothing at all is a file too', () => {
    expect(decodeSafetensors(encodeSafetensors([]))).toEqual({ tensors: new Map(), metadata: new Map() });
  });

  test.each([
    ['a wrong shape', [['w', { shape: [2], data: new Float32Array(3) }]], /\[2\], which doesn't fit its 3 numbers/],
    ['a negative size', [['w', { shape: [-1, -3], data: new Float32Array(3) }]], /doesn't fit/],
    ['a name twice', [tensors[0], tensors[0]], /given twice/],
    ['the reserved name', [['__metadata__', { shape: [], data: new Int32Array(1) }]], /reserves/],
  ] as [string, [string, StoredTensor][], RegExp][])('%s is refused', (_, given, message) => {
    expect(() => encodeSafetensors(given)).toThrow(message);
    expect(() => encodeSafetensors(given)).toThrow(expect.objectContaining({ code: 'TENSOR_INVALID' }));
  });

  const numbers = fc.oneof(
    fc.array(fc.double()).map((values) => Float64Array.from(values)),
    fc.array(fc.float()).map((values) => Float32Array.from(values)),
    fc.array(fc.integer()).map((values) => Int32Array.from(values)),
  );
  const names = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', 'constructor', '', '10', '9', '\uD800'),
  );

  test('what is written is read, from any alignment', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(names, numbers), { selector: ([name]) => name }),
        fc.dictionary(names, fc.string({ unit: 'grapheme' })),
        fc.nat(9),
        (entries, texts, shift) => {
          const given = entries.map(([name, data]): [string, StoredTensor] => [name, { shape: [data.length], data }]);
          const bytes = encodeSafetensors(given, texts);
          const moved = new Uint8Array(bytes.length + shift).subarray(shift);
          moved.set(bytes);
          const read = decodeSafetensors(moved);
          expect(new Map(read.tensors)).toEqual(new Map(given));
          expect(new Map(read.metadata)).toEqual(new Map(Object.entries(texts)));
        },
      ),
    );
  });
});

describe('damage is named', () => {
  const entry = (fields: string) => `{"w":{${fields}}}`;
  const good = '"dtype":"F32","shape":[1],"data_offsets":[0,4]';
  const cases: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(0), /it has 0 bytes/],
    ['half a length', new Uint8Array(7), /it has 7 bytes/],
    ['a huge header', file('{}').fill(0xff, 0, 8), /at most 100000000 are allowed/],
    ['a cut header', file('{}').subarray(0, 9), /claims 2 bytes, but only 1 follow/],
    ['no header', file(''), /does not begin with \{/],
    ['a byte order mark', file('\uFEFF{}'), /does not begin with \{/],
    ['a list', file('[]'), /does not begin with \{/],
    ['bad UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d)), /not UTF-8/],
    ['no JSON', file('{"w"}'), /not JSON/],
    ['a tensor twice', file(`{"w":{${good}},"\\u0077":{${good}}}`, 4), /gives "w" twice/],
    ['a field twice', file(entry(`${good},"dtype":"F32"`), 4), /gives "dtype" twice/],
    ['metadata that are a list', file('{"__metadata__":[]}'), /__metadata__ is not an object/],
    ['metadata that are numbers', file('{"__metadata__":{"a":1}}'), /"a" of its __metadata__ is not a text/],
    ['a number as tensor', file('{"w":1}'), /not described by an object/],
    ['no type', file(entry('"shape":[1],"data_offsets":[0,4]'), 4), /the type undefined/],
    ['another type', file(entry(good.replace('F32', 'BF16')), 4), /the type "BF16"; F32, F64 and I32/],
    ['a negative size', file(entry(good.replace('[1]', '[-1]')), 4), /shape that is not a list of whole numbers/],
    ['a fraction', file(entry(good.replace('[1]', '[1.5]')), 4), /shape that is not a list of whole numbers/],
    ['a product beyond 2^53', file(entry(good.replace('[1]', '[4294967296,4294967296]')), 4), /shape that is not/],
    ['one offset', file(entry(good.replace('[0,4]', '[0]')), 4), /data_offsets that are not two whole numbers/],
    ['offsets the wrong way round', file(entry(good.replace('[0,4]', '[4,0]')), 4), /but data_offsets 4 to 0/],
    ['a shape too large', file(entry(good.replace('[1]', '[2]')), 4), /8 bytes, but data_offsets 0 to 4/],
    ['too few bytes', file(entry(good), 3), /ends at byte 4 of its 3 bytes/],
    ['bytes left over', file(entry(good), 5), /1 byte left over/],
    ['a gap', file(entry(good.replace('[0,4]', '[4,8]')), 8), /4 bytes before tensor "w" belong to none/],
    [
      'an overlap',
      file(`{"w":{${good}},"v":{${good.replace('[1]', '[2]').replace('4]', '8]')}}}`, 8),
      /overlaps tensor "w"/,
    ],
  ];
  test.each(cases)('%s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: 'MODEL_CORRUPT', message: expect.stringMatching(message) }),
    );
  });

  test('a deeply nested type is only described', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(() => decodeSafetensors(file(entry(good.replace('"F32"', deep)), 4))).toThrow(/the type an array of 1/);
  });

  test('any change of any bytes gives tensors that fit, or MODEL_CORRUPT', () => {
    const change = fc.record({ at: fc.nat(python.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(python.length), (changes, length) => {
        const bytes = python.slice(0, length % 3 === 0 ? length : undefined);
        for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
        try {
          for (const { shape, data } of decodeSafetensors(bytes).tensors.values())
            expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
        } catch (error) {
          expect(isUnrolledError(error, 'MODEL_CORRUPT')).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('any digits in the header too', () => {
    const header =
      '{"a":{"dtype":"F32","shape":[@,@],"data_offsets":[@,@]},"b":{"dtype":"I32","shape":[@],"data_offsets":[@,@]}}';
    const digit = fc.oneof(fc.nat(12), fc.constantFrom(-1, 2 ** 31, 2 ** 53, 1e300, 4.5));
    fc.assert(
      fc.property(fc.array(digit, { minLength: 7, maxLength: 7 }), fc.nat(24), (digits, size) => {
        let next = 0;
        const bytes = file(
          header.replace(/@/g, () => String(digits[next++])),
          size,
        );
        try {
          const total = [...decodeSafetensors(bytes).tensors.values()].reduce(
            (sum, { data }) => sum + data.byteLength,
            0,
          );
          expect(total).toBe(size);
        } catch (error) {
          expect(isUnrolledError(error, 'MODEL_CORRUPT')).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('checksum', () => {
  test('known answers of FIPS 180-4', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256(new Uint8Array(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test('pieces equal the whole, and it can be asked on the way', () => {
    const checksum = createChecksum().update(python.subarray(0, 100));
    expect(checksum.digest()).toBe(sha256(python.subarray(0, 100)));
    expect(checksum.update(python.subarray(100)).digest()).toBe(sha256(python));
    expect(createChecksum().update('ação').digest()).toBe(sha256(new TextEncoder().encode('ação')));
  });
});
