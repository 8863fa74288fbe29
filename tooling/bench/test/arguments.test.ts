// What the command line is read as, and what is said of mistakes.
import { expect, test } from 'vitest';
import { exampleNames, parseArguments, partNames, UsageError } from '../src/arguments.ts';

const mistake = (...argv: string[]): string => {
  try {
    parseArguments(argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('no mistake');
};

test('without arguments everything is measured', () => {
  expect(parseArguments([])).toEqual({
    parts: partNames,
    shapes: ['A', 'B', 'C', 'D', 'E'],
    examples: exampleNames,
    seeds: 3,
    without: [],
    rounds: 7,
    budget: 60,
    calls: 100_000,
    help: false,
  });
});

test('lists keep the usual order, name nothing twice and allow spaces and an equals sign', () => {
  const settings = parseArguments(['--only=streaming, training', '--shapes', 'B,A,B', '--without', 'pytorch,keras']);
  expect(settings.parts).toEqual(['training', 'streaming']);
  expect(settings.shapes).toEqual(['A', 'B']);
  expect(settings.without).toEqual(['keras', 'pytorch']);
});

test('numbers are whole and positive', () => {
  expect(parseArguments(['--epochs', '2', '--seeds', '1'])).toMatchObject({ epochs: 2, seeds: 1 });
  expect(parseArguments(['--rounds', '9', '--budget', '5', '--calls', '10'])).toMatchObject({
    rounds: 9,
    budget: 5,
    calls: 10,
  });
  for (const wrong of ['0', '-1', '1.5', 'many', ''])
    expect(mistake(`--rounds=${wrong}`)).toBe(`--rounds takes a whole number from 1 on, not "${wrong}".`);
});

test('a mistake is named with what there is, and with what may be meant', () => {
  expect(mistake('--only', 'trainning')).toMatch(
    /Unknown name after --only: "trainning"\. Did you mean training\?.*growth/,
  );
  expect(mistake('--shapes', 'A,F')).toMatch(/"F".*There is A, B, C, D, E\./);
  expect(mistake('--without', 'torch')).toMatch(/"torch".*pytorch/);
  expect(mistake('--round', '7')).toMatch(/Unknown option: "--round"\. Did you mean --rounds\?/);
  expect(mistake('--only', '')).toMatch(/--only names nothing/);
  expect(mistake('training')).toMatch(/training/);
  expect(mistake('--rounds')).toMatch(/--rounds/);
});
