// Amounts of memory as people write them.
import { expect, test } from 'vitest';
import { parseMemory, printMemory } from '../src/index.ts';

test.each([
  ['64MB', 64e6],
  ['64mb', 64e6],
  ['64 MiB', 67108864],
  ['1.5GB', 1.5e9],
  ['2KiB', 2048],
  ['10 kB', 10000],
  ['4096', 4096],
  [' 100B ', 100],
])('%j is %d bytes', (text, bytes) => {
  expect(parseMemory(text)).toBe(bytes);
});

test.each(['', 'MB', '64 M', '-1MB', '64MBs', '1,5GB', '0', '0.2B', 'NaN', '1e6', '64MB 2'])(
  '%j is refused',
  (text) => {
    expect(() => parseMemory(text)).toThrowError(expect.objectContaining({ code: 'OPTION_INVALID' }));
  },
);

test('what is printed is no less than what it is printed of', () => {
  for (const bytes of [1, 999, 12345, 999999, 1e6, 1234567, 64e6, 3.999e9])
    expect(parseMemory(printMemory(bytes))).toBeGreaterThanOrEqual(bytes);
});
