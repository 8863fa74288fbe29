// The nearest text: by Dice's coefficient of trigrams, counted here by hand.
import { expect, test } from 'vitest';
import { createNearest } from '../src/nearest-text.ts';

test('takes the text with the greatest share of trigrams', () => {
  const nearest = createNearest(['open the file', 'close the file', 'close the door']);
  expect(nearest('close that door')).toBe(2);
  expect(nearest('Open File')).toBe(0);
});

test('counts what is there twice as often as both have it', () => {
  // " aaaa " has _aa aaa aaa aa_; " aaa " has _aa aaa aa_; " aaaaaa " has aaa four times: 6 of 7 against 8 of 10.
  expect(createNearest(['aaaaaa', 'aaa'])('aaaa')).toBe(1);
  expect(createNearest(['aaa', 'aaaaaa'])('aaaaa')).toBe(1);
});

test('takes the first of those that are as near, also where nothing is shared', () => {
  expect(createNearest(['one', 'one', 'two'])('one')).toBe(0);
  expect(createNearest(['one', 'two'])('xyz')).toBe(0);
});
