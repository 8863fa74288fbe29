// The parts of an ONNX file, byte by byte, from the encoding's own examples.
import { expect, test } from 'vitest';
import { bytes, integer, joined, message, text } from '../src/protobuf.ts';

const hex = (parts: readonly Uint8Array[]): string => Buffer.from(joined(parts)).toString('hex');

test('fields are encoded as the documentation of Protocol Buffers shows', () => {
  expect(hex(integer(1, 150))).toBe('089601');
  expect(hex(text(2, 'testing'))).toBe('120774657374696e67');
  expect(hex(message(3, integer(1, 150)))).toBe('1a03089601');
});

test('numbers beyond 32 bits and long fields keep their sizes', () => {
  expect(hex(integer(1, 2 ** 40))).toBe('08808080808020');
  expect(joined(bytes(4, new Uint8Array(300)))).toHaveLength(303);
});
