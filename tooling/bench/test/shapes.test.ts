// The work of a training step, counted by hand.
import { expect, test } from 'vitest';
import { trainingWork } from '../src/shapes.ts';

test('six products of each step are counted, but for the gradient of the inputs', () => {
  const [batch, steps, inputs, units] = [2, 3, 5, 7];
  const multiplications = batch * steps * 4 * units * (inputs + units + units + inputs + units);
  expect(trainingWork({ batch, steps, inputs, units })).toBe(2 * multiplications);
  expect(trainingWork({ batch, steps, inputs, units }, 5)).toBe((2 * multiplications * 5) / 4);
});
