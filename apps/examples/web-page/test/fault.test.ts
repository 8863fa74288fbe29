// What a visitor is told when something breaks.
import { UnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import { faultSentence } from '../src/view/fault.ts';

test('a dead worker is said to be one, with what it means and what Start does', () => {
  const mend = 'Open another with openWorker; a run goes on from its last checkpoint with resume.';
  const dead = new UnrolledError('WORKER_FAILED', 'The worker died: out of memory.', { mend });
  expect(faultSentence(dead)).toBe(
    'The worker died: out of memory. What it had learned is gone with it; the browser may have run out of memory. ' +
      'Start opens another worker and begins anew.',
  );
});

test('any other fault speaks for itself', () => {
  expect(faultSentence(new UnrolledError('DATA_EMPTY', 'No rows.', { mend: 'Give some.' }))).toBe(
    'No rows. Give some.',
  );
  expect(faultSentence(new Error('Oh.'))).toBe('Oh.');
  expect(faultSentence('no text')).toBe('no text');
});
