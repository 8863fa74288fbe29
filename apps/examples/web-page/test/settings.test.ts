// What visitors type, right or absurd.
import { describe, expect, it } from 'vitest';
import { readNumbers } from '../src/training/read-numbers.ts';
import { defaults, readSettings, type Settings } from '../src/training/settings.ts';

const typed = (changes: Partial<Record<keyof Settings, string>> = {}): Record<keyof Settings, string> => ({
  ...(Object.fromEntries(Object.entries(defaults).map(([field, value]) => [field, String(value)])) as Record<
    keyof Settings,
    string
  >),
  ...changes,
});

describe('readSettings', () => {
  it('reads the form as it begins, and numbers as people write them', () => {
    expect(readSettings(typed())).toEqual(defaults);
    expect(readSettings(typed({ units: ' 8 ', learningRate: '1e-2', cell: 'lstm' }))).toEqual({
      ...defaults,
      units: 8,
      learningRate: 0.01,
      cell: 'lstm',
    });
  });

  it.each([
    ['units', '0', 'whole number from 1 to 512, not 0'],
    ['units', '1000000000', 'from 1 to 512, not 1000000000'],
    ['units', '12.5', 'not 12.5'],
    ['units', 'many', 'not many'],
    ['units', '', 'from 1 to 512.'],
    ['learningRate', '-1', 'above 0 and at most 1'],
    ['learningRate', 'Infinity', 'at most 1'],
    ['epochs', '51', 'from 1 to 50'],
    ['seed', '-1', 'from 0 to 9,007,199,254,740,991'],
    ['seed', '1e300', 'not 1e300'],
    ['reviews', '3', 'from 100 to 8,467'],
    ['cell', 'gru', 'vanilla-small, vanilla, lstm'],
  ] as const)('%s %j: says what it takes', (field, value, says) => {
    const found = readSettings(typed({ [field]: value }));
    expect(found).toEqual({ faults: { [field]: expect.stringContaining(says) } });
  });

  it('names every field that is wrong, and keeps messages short', () => {
    const found = readSettings(typed({ units: 'x'.repeat(10_000), epochs: '0' })) as { faults: Record<string, string> };
    expect(Object.keys(found.faults).sort()).toEqual(['epochs', 'units']);
    expect(found.faults.units?.length).toBeLessThan(100);
  });
});

describe('readNumbers', () => {
  const numbers = { settings: defaults, steps: [{ update: 1, loss: 0.1, gradientNorm: 0.7 }], weights: 'a' };

  it('reads back every bit', () => {
    expect(readNumbers(JSON.stringify(numbers))).toEqual(numbers);
  });

  it.each([
    ['', 'no JSON'],
    ['null', 'units Give a whole number'],
    [JSON.stringify({ ...numbers, settings: { ...defaults, units: 1e9 } }), 'not 1000000000'],
    [JSON.stringify({ ...numbers, steps: [] }), 'no steps'],
    [JSON.stringify({ ...numbers, steps: 3 }), 'no steps'],
  ])('refuses %s', (text, says) => {
    expect(() => readNumbers(text)).toThrow(says);
  });
});
