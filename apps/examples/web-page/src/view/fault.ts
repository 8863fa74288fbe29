// Says what went wrong, in the place where it did.
import { isUnrolledError } from '@unrolled/core';
import { find } from './find.ts';

/** Shows an error's sentence in the element `id`; undefined hides it. */
export function showFault(id: string, error: unknown): void {
  const place = find(id);
  place.hidden = error === undefined;
  place.textContent = error === undefined ? '' : faultSentence(error);
}

/** What a visitor is told: the error's own words, but of a dead worker what it means for this page. */
export function faultSentence(error: unknown): string {
  if (isUnrolledError(error, 'WORKER_FAILED')) {
    const { message, mend = '' } = error;
    const how = message.slice(0, message.length - mend.length).trimEnd();
    return `${how} What it had learned is gone with it; the browser may have run out of memory. Start opens another worker and begins anew.`;
  }
  return error instanceof Error ? error.message : String(error);
}
