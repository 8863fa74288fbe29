// What a batch or a state that does not fit is told.
import { type Batch, isUnrolledError, type NetworkDescription, type State } from '@unrolled/core';
import { expect, test } from 'vitest';
import { checkBatch, checkState } from '../src/index.ts';
import { moduleOf, networkOf } from './networks.ts';

const cell = moduleOf('cell', 'h[t] = tanh(W @ x[t] + h[t-1])', 'h', {
  sizes: { units: 3 },
  parameters: { W: undefined },
});
const vectors = networkOf(cell);
const ids: NetworkDescription = {
  ...vectors,
  input: { kind: 'ids', vocabulary: 5 },
  target: { kind: 'class', size: 3, per: 'step' },
};

/** Two sequences of 3 and 0 steps; padding holds what no network could take. */
const ofVectors: Batch = {
  size: 2,
  time: 3,
  inputs: { x: new Float64Array(12).fill(Number.NaN) },
  lengths: Int32Array.of(3, 0),
  targets: new Float64Array(6),
  weights: new Float64Array(2),
  exampleIndex: Int32Array.of(0, 1),
  start: Int32Array.of(0, 0),
};
const ofIds: Batch = {
  ...ofVectors,
  inputs: { x: Int32Array.of(0, 99, 4, -1, 2, 7) },
  targets: Int32Array.of(0, 99, 2, -1, 1, 3),
  weights: new Float64Array(6),
};

test('what fits is let through, whatever the padding holds', () => {
  checkBatch(ofVectors, vectors);
  checkBatch(ofIds, ids);
  checkBatch(withoutTargets(ofIds), ids);
  checkBatch(
    {
      ...ofVectors,
      size: 0,
      time: 0,
      inputs: { x: new Float64Array(0) },
      lengths: new Int32Array(0),
      targets: new Float64Array(0),
      weights: new Float64Array(0),
      exampleIndex: new Int32Array(0),
      start: new Int32Array(0),
    },
    vectors,
  );
  checkBatch({ ...ofVectors, time: 0, inputs: { x: new Float64Array(0) }, lengths: Int32Array.of(0, 0) }, vectors);
});

const whole = Int32Array.of(3, 3);

test.each<[string, Batch, NetworkDescription, string]>([
  ['size', { ...ofVectors, size: -1 }, vectors, 'found size -1; expected a whole size of at least 0'],
  ['time', { ...ofVectors, time: 1.5 }, vectors, 'found time 1.5; expected a whole time of at least 0'],
  [
    'lengths',
    { ...ofVectors, lengths: Int32Array.of(3) },
    vectors,
    'found lengths of 1 number; expected [batch], which is 2',
  ],
  [
    'a long length',
    { ...ofVectors, lengths: Int32Array.of(4, 0) },
    vectors,
    'found a length of 4 in a batch of 3 steps; expected whole lengths from 0 to 3',
  ],
  [
    'a negative length',
    { ...ofVectors, lengths: Int32Array.of(-1, 0) },
    vectors,
    'found a length of -1 in a batch of 3 steps; expected whole lengths from 0 to 3',
  ],
  [
    'example numbers',
    { ...ofVectors, exampleIndex: new Int32Array(3) },
    vectors,
    'found exampleIndex of 3 numbers; expected [batch], which is 2',
  ],
  [
    'starts',
    { ...ofVectors, start: new Int32Array(1) },
    vectors,
    'found start of 1 number; expected [batch], which is 2',
  ],
  [
    'a negative start',
    { ...ofVectors, start: Int32Array.of(0, -2) },
    vectors,
    'found a start of -2 steps; expected whole starts of at least 0',
  ],
  ['no input', { ...ofVectors, inputs: {} }, vectors, 'found inputs without a name; expected an input named x'],
  [
    'another input',
    { ...ofVectors, inputs: { y: new Float64Array(12) } },
    vectors,
    'found inputs y; expected an input named x',
  ],
  [
    'vectors',
    { ...ofVectors, inputs: { x: new Float64Array(11) } },
    vectors,
    'found inputs.x of 11 numbers; expected [time, batch, 2], which is 12',
  ],
  [
    'ids',
    { ...ofIds, inputs: { x: new Int32Array(7) } },
    ids,
    'found inputs.x of 7 numbers; expected [time, batch], which is 6',
  ],
  [
    'a number beyond the vocabulary',
    { ...ofIds, lengths: whole },
    ids,
    'found 99 in inputs.x (sequence 1, step 0); expected whole numbers from 0 to 4',
  ],
  [
    'a number that is not whole',
    { ...ofIds, inputs: { x: Float64Array.of(0.5, 0, 0, 0, 0, 0) } },
    ids,
    'found 0.5 in inputs.x (sequence 0, step 0); expected whole numbers from 0 to 4',
  ],
  [
    'values',
    { ...ofVectors, targets: new Float64Array(2) },
    vectors,
    'found targets of 2 numbers; expected [batch, 3], which is 6',
  ],
  [
    'classes',
    { ...ofIds, targets: new Int32Array(2) },
    ids,
    'found targets of 2 numbers; expected [time, batch], which is 6',
  ],
  [
    'a class too high',
    { ...ofIds, targets: Int32Array.of(3, 0, 0, 0, 0, 0) },
    ids,
    'found 3 in targets (sequence 0, step 0); expected whole numbers from 0 to 2',
  ],
  [
    'weights',
    { ...ofVectors, weights: new Float64Array(6) },
    vectors,
    'found weights of 6 numbers; expected [batch], which is 2',
  ],
  [
    'a length between two steps',
    { ...ofVectors, lengths: [1.5, 0] as never },
    vectors,
    'found a length of 1.5 in a batch of 3 steps; expected whole lengths from 0 to 3',
  ],
  [
    'a start that is no number',
    { ...ofVectors, start: [0, Number.NaN] as never },
    vectors,
    'found a start of NaN steps; expected whole starts of at least 0',
  ],
  [
    'half an example',
    { ...ofVectors, exampleIndex: [0, 0.5] as never },
    vectors,
    'found an exampleIndex of 0.5; expected whole numbers',
  ],
  [
    'targets alone',
    { ...withoutTargets(ofVectors), targets: new Float64Array(6) },
    vectors,
    'found targets without weights; expected both, or neither',
  ],
  [
    'weights alone',
    { ...withoutTargets(ofVectors), weights: new Float64Array(2) },
    vectors,
    'found weights without targets; expected both, or neither',
  ],
])('%s', (_, batch, network, said) => {
  expect(messageOf(() => checkBatch(batch, network), 'BATCH_INVALID')).toContain(
    `A batch does not fit the network: ${said}.`,
  );
});

const infos = [{ name: 'layers.0.h', shape: [3] }];
const state: State = { 'layers.0.h': { shape: [2, 3], data: new Float64Array(6) } };

test('states', () => {
  checkState(state, infos, 2);
  checkState({ ...state, other: { shape: [], data: new Float64Array(1) } }, infos, 2);
  const refused = (given: State, batch = 2) => messageOf(() => checkState(given, infos, batch), 'STATE_INVALID');
  expect(refused({})).toContain(
    'A state does not fit the network: found no state "layers.0.h"; expected a state [2, 3].',
  );
  expect(refused(state, 3)).toContain(
    'A state does not fit the network: found state "layers.0.h" of shape [2, 3]; expected [3, 3].',
  );
  expect(refused({ 'layers.0.h': { shape: [2, 3], data: new Float64Array(5) } })).toContain(
    'A state does not fit the network: found state "layers.0.h" of shape [2, 3] with 5 numbers; expected [2, 3], which is 6.',
  );
});

function withoutTargets({ targets: _, weights: __, ...batch }: Batch): Batch {
  return batch;
}

function messageOf(act: () => void, code: string): string {
  try {
    act();
  } catch (error) {
    expect(isUnrolledError(error, code)).toBe(true);
    return (error as Error).message;
  }
  return 'no mistake';
}
